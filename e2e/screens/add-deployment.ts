import type { Locator, Page } from '@playwright/test'

/** The sheet on which a deployment is added. */
export interface AddDeploymentScreen {
  readonly sheet: Locator
  readonly address: Locator
  readonly token: Locator
  readonly name: Locator
  readonly add: Locator
}

/** The add sheet of a window. */
export function addDeploymentScreen(page: Page): AddDeploymentScreen {
  const sheet = page.getByRole('dialog', { name: 'Add a deployment' })
  return {
    sheet,
    address: sheet.getByRole('textbox', { name: 'Address' }),
    token: sheet.getByLabel(/token/i),
    name: sheet.getByRole('textbox', { name: /^Name/ }),
    add: sheet.getByRole('button', { name: 'Add deployment' }),
  }
}
