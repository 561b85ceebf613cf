import type { Locator, Page } from '@playwright/test'

/** What is around every page: rail, deployment switcher, messages. */
export interface Frame {
  readonly deployment: Locator
  readonly messages: Locator
  /** The message across the page that has these words. */
  notice(words: string): Locator
  goTo(place: 'Workspaces' | 'Agents' | 'Templates' | 'Tunnels' | 'Settings'): Promise<void>
  /** Opens the switcher and chooses the deployment of that name. */
  switchTo(deployment: string): Promise<void>
  openSwitcher(): Promise<Locator>
}

/** The frame of a window. */
export function frame(page: Page): Frame {
  const deployment = page.getByRole('banner').getByRole('button', { name: /^Deployment/ })
  const openSwitcher = async (): Promise<Locator> => {
    await deployment.click()
    return page.getByRole('menu', { name: /^Deployment/ })
  }
  return {
    deployment,
    messages: page.getByRole('region', { name: 'Messages' }),
    notice: (words) => page.getByRole('status').or(page.getByRole('alert')).filter({ hasText: words }),
    openSwitcher,
    async goTo(place) {
      await page
        .getByRole('navigation', { name: 'Main' })
        .getByRole('link', { name: new RegExp(`^${place}`) })
        .click()
    },
    async switchTo(name) {
      const menu = await openSwitcher()
      await menu.getByRole('menuitemcheckbox', { name: new RegExp(`^${escape(name)}`) }).click()
    },
  }
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
