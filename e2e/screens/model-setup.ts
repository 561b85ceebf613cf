import type { Locator, Page } from '@playwright/test'

/** The way from no model to the first one, on the page of models in the settings. */
export interface ModelSetupScreen {
  /** The sheet that lies over the page. */
  readonly sheet: Locator
  readonly addProvider: Locator
  readonly startChat: Locator
  field(label: string): Locator
  chooseKind(name: string): Promise<void>
  /** The button that ends a sheet. */
  finish(name: 'Add provider' | 'Add model'): Promise<void>
}

export function modelSetupScreen(page: Page): ModelSetupScreen {
  const main = page.getByRole('main')
  const sheet = page.getByRole('dialog')
  return {
    sheet,
    addProvider: main.getByRole('button', { name: 'Add a provider' }),
    startChat: main.getByRole('button', { name: 'Start a chat' }),
    field: (label) => sheet.getByLabel(label, { exact: true }),
    async chooseKind(name) {
      await sheet.getByRole('radio', { name: new RegExp(`^${name}`) }).click()
      await sheet.getByRole('button', { name: 'Continue' }).click()
    },
    async finish(name) {
      await sheet.getByRole('button', { name, exact: true }).click()
    },
  }
}
