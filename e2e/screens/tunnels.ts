import type { Page } from '@playwright/test'

/** The page of tunnels and its form. */
export function tunnelsScreen(page: Page) {
  const form = page.getByRole('form', { name: /tunnel$/ })
  const toggle = (title: string) => page.getByRole('switch', { name: new RegExp(`^${title} of `) })
  return {
    toggle,
    /** The row with the tunnel's switch. */
    row: (title: string) =>
      page
        .locator('div')
        .filter({ has: toggle(title) })
        .last(),
    async begin(): Promise<void> {
      await page.getByRole('button', { name: 'Add tunnel' }).first().click()
      await form.waitFor()
    },
    async choose(label: string, option: string): Promise<void> {
      await form.getByRole('combobox', { name: label }).click()
      await page.getByRole('option', { name: option }).click()
    },
    kind: (label: string) => form.getByRole('button', { name: label }),
    there: form.getByRole('textbox', { name: 'In the workspace' }),
    here: form.getByRole('textbox', { name: 'On this computer' }),
    name: form.getByRole('textbox', { name: 'Name' }),
    async submit(): Promise<void> {
      await form.getByRole('button', { name: 'Add tunnel' }).click()
      await form.waitFor({ state: 'hidden' })
    },
  }
}
