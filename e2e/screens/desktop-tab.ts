import { expect, type Locator, type Page } from '@playwright/test'

/** The desktop of a chat's workspace, in the panel beside the conversation. */
export interface DesktopTab {
  readonly takeControl: Locator
  /** Whose the keys are. */
  readonly state: Locator
  readonly startWorkspace: Locator
  /** The way into a window of its own. */
  readonly ownWindow: Locator
  /** Why it does not show. */
  readonly problem: Locator
  size(name: 'Fit' | '100%'): Locator
  /** Waits until something is drawn. */
  waitForWindow(): Promise<void>
  /** Clicks into the window at the top left. */
  clickWindow(): Promise<void>
}

/** The panel beside a conversation. */
export function chatPanel(page: Page): Locator {
  return page.getByRole('complementary', { name: 'What the agent works on' })
}

export function desktopTab(page: Page): DesktopTab {
  return desktopIn(chatPanel(page))
}

/** The desktop in that part of a page. */
export function desktopIn(panel: Locator): DesktopTab {
  const canvas = panel.getByRole('group', { name: 'Desktop of the workspace' }).locator('canvas')
  return {
    takeControl: panel.getByRole('button', { name: 'Take control' }),
    state: panel.getByRole('status'),
    startWorkspace: panel.getByRole('button', { name: 'Start the workspace' }),
    problem: panel.getByRole('alert'),
    ownWindow: panel.getByRole('button', { name: 'Show it in its own window' }),
    size: (name) => panel.getByRole('group', { name: 'Size of the desktop' }).getByRole('button', { name }),
    async waitForWindow() {
      // An empty desktop is black.
      await expect
        .poll(() =>
          canvas.evaluate((element: HTMLCanvasElement) => {
            // Before it knows how large it is.
            if (element.width === 0) return false
            const { data } = element.getContext('2d')!.getImageData(0, 0, element.width, element.height)
            return data.some((byte, index) => index % 4 !== 3 && byte > 200)
          }),
        )
        .toBe(true)
    },
    async clickWindow() {
      await canvas.click({ position: { x: 40, y: 40 } })
    },
  }
}
