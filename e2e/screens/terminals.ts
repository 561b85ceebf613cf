import type { Locator, Page } from '@playwright/test'

/** The drawer with the terminals. */
export interface TerminalsScreen {
  readonly drawer: Locator
  readonly tabs: Locator
  readonly input: Locator
  /** What is on the screen of the terminal. */
  readonly lines: Locator
  /** One element for each row of the screen. */
  readonly rows: Locator
  /** The shell waits for a command: the last words on the screen are its prompt. */
  readonly prompt: Locator
  /** What the terminal says about itself at its lower edge: it connects, or its shell has ended. */
  readonly state: Locator
  /** Waits for the prompt, types a command and presses Enter. */
  run(command: string): Promise<void>
}

/** The terminals of a window. Under Xvfb they are drawn as elements, so what is on the screen can be read. */
export function terminalsScreen(page: Page): TerminalsScreen {
  const drawer = page.getByRole('region', { name: 'Terminals' })
  const input = drawer.getByRole('textbox', { name: 'Terminal input' })
  const lines = drawer.locator('.xterm-rows:visible')
  const prompt = lines.filter({ hasText: /[$#]\s*$/ })
  return {
    drawer,
    tabs: drawer.getByRole('tab'),
    input,
    lines,
    rows: lines.locator('> div'),
    prompt,
    state: drawer.getByRole('status').or(drawer.getByRole('alert')),
    async run(command) {
      await prompt.waitFor()
      await input.pressSequentially(command)
      await input.press('Enter')
    },
  }
}
