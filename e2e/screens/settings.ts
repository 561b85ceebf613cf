import type { Locator, Page } from '@playwright/test'

/** The settings. */
export interface SettingsScreen {
  readonly main: Locator
  theme(name: 'System' | 'Light' | 'Dark' | 'High contrast'): Locator
  toggle(name: string): Locator
  open(section: 'General' | 'Deployments' | 'MCP servers' | 'Keychain' | 'About'): Promise<void>
}

/** The settings page of a window. */
export function settingsScreen(page: Page): SettingsScreen {
  const main = page.getByRole('main')
  return {
    main,
    theme: (name) => main.getByRole('group', { name: 'Theme' }).getByRole('button', { name, exact: true }),
    toggle: (name) => main.getByRole('switch', { name }),
    open: async (section) => main.getByRole('tab', { name: section }).click(),
  }
}
