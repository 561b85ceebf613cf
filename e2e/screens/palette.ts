import type { Locator, Page } from '@playwright/test'

/** The command palette. */
export interface PaletteScreen {
  readonly input: Locator
  /** Opens it by its keys, types and takes the first result: everything by keyboard. */
  run(words: string): Promise<void>
}

/** The palette of a window. */
export function paletteScreen(page: Page): PaletteScreen {
  const dialog = page.getByRole('dialog')
  const input = dialog.getByRole('combobox')
  return {
    input,
    async run(words) {
      await page.keyboard.press('Control+k')
      await input.waitFor()
      await page.keyboard.type(words)
      await dialog.getByRole('option', { name: words }).first().waitFor()
      await page.keyboard.press('Enter')
    },
  }
}
