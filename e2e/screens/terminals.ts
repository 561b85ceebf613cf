import type { Locator, Page } from '@playwright/test'

/** The drawer with the terminals. */
export interface TerminalsScreen {
  readonly drawer: Locator
  /** What is on the screen of the terminal, line by line. */
  readonly lines: Locator
  /** Types a command and presses Enter. */
  run(command: string): Promise<void>
}

/** The terminals of a window. Under Xvfb they are drawn as elements, so what is on the screen can be read. */
export function terminalsScreen(page: Page): TerminalsScreen {
  const drawer = page.getByRole('region', { name: 'Terminals' })
  const input = drawer.getByRole('textbox', { name: 'Terminal input' })
  return {
    drawer,
    lines: drawer.locator('.xterm-rows:visible'),
    async run(command) {
      await input.pressSequentially(command)
      await input.press('Enter')
    },
  }
}
