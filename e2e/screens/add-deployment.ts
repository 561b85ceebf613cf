import type { Locator, Page } from '@playwright/test'
import { frame } from './frame.ts'

/** The sheet on which a deployment is added. */
export interface AddDeploymentScreen {
  readonly sheet: Locator
  readonly address: Locator
  readonly token: Locator
  readonly name: Locator
  readonly add: Locator
  /** Opens it from the switcher. */
  open(): Promise<void>
}

/** The add sheet of a window. */
export function addDeploymentScreen(page: Page): AddDeploymentScreen {
  const sheet = page.getByRole('dialog', { name: 'Add a deployment' })
  return {
    sheet,
    address: sheet.getByRole('textbox', { name: 'Address' }),
    token: sheet.getByRole('textbox', { name: 'Session token' }),
    name: sheet.getByRole('textbox', { name: /^Name/ }),
    add: sheet.getByRole('button', { name: 'Add deployment' }),
    async open() {
      const menu = await frame(page).openSwitcher()
      await menu.getByRole('menuitem', { name: /^Add deployment/ }).click()
    },
  }
}
