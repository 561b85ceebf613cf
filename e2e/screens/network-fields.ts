import type { Locator } from '@playwright/test'

/** The network settings of a deployment, in whatever sheet they are. */
export interface NetworkFieldsScreen {
  proxy(name: 'As the system has it' | 'This proxy' | 'No proxy'): Locator
  readonly proxyAddress: Locator
  readonly userName: Locator
  readonly password: Locator
  readonly headerCommand: Locator
  /** The group of one file, with its buttons. */
  file(name: 'CA file' | 'Client certificate' | 'Key of the client certificate'): Locator
}

export function networkFieldsScreen(sheet: Locator): NetworkFieldsScreen {
  return {
    proxy: (name) => sheet.getByRole('radio', { name }),
    proxyAddress: sheet.getByRole('textbox', { name: 'Proxy address' }),
    userName: sheet.getByRole('textbox', { name: /^Proxy user name/ }),
    password: sheet.getByRole('textbox', { name: /^Proxy password/ }),
    headerCommand: sheet.getByRole('textbox', { name: /^Header command/ }),
    file: (name) => sheet.getByRole('group', { name, exact: true }),
  }
}
