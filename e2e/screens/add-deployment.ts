import type { Locator, Page } from '@playwright/test'
import { frame } from './frame.ts'

/** The sheet on which a deployment is added. */
export interface AddDeploymentScreen {
  readonly sheet: Locator
  readonly address: Locator
  readonly token: Locator
  readonly email: Locator
  readonly password: Locator
  readonly name: Locator
  /** The ways to sign in, where there is more than one. */
  way(name: 'Browser' | 'Token' | 'Password'): Locator
  readonly add: Locator
  /** In place of `add` for whoever signs in with the browser. */
  readonly signInAndAdd: Locator
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
    email: sheet.getByRole('textbox', { name: 'Email' }),
    password: sheet.getByRole('textbox', { name: 'Password' }),
    way: (name) =>
      sheet.getByRole('group', { name: 'Sign in with' }).getByRole('button', { name, exact: true }),
    signInAndAdd: sheet.getByRole('button', { name: 'Sign in and add' }),
    name: sheet.getByRole('textbox', { name: /^Name/ }),
    add: sheet.getByRole('button', { name: 'Add deployment' }),
    async open() {
      const menu = await frame(page).openSwitcher()
      await menu.getByRole('menuitem', { name: /^Add deployment/ }).click()
    },
  }
}
