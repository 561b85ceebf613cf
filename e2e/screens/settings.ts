import type { Locator, Page } from '@playwright/test'

/** The settings. */
export interface SettingsScreen {
  readonly main: Locator
  theme(name: 'System' | 'Light' | 'Dark' | 'High contrast'): Locator
  toggle(name: string): Locator
  /** The choice of what happens when an agent wants to use a tool, by the tool's label. */
  toolRule(tool: string): Locator
  open(
    section:
      'General' | 'Deployments' | 'Models' | 'Agents' | 'MCP servers' | 'Dictation' | 'Keychain' | 'About',
  ): Promise<void>
}

/** The settings page of a window. */
export function settingsScreen(page: Page): SettingsScreen {
  const main = page.getByRole('main')
  return {
    main,
    theme: (name) => main.getByRole('group', { name: 'Theme' }).getByRole('button', { name, exact: true }),
    toggle: (name) => main.getByRole('switch', { name }),
    toolRule: (tool) =>
      main.getByRole('table', { name: 'Rules for tools' }).getByRole('group', { name: tool }),
    open: async (section) => main.getByRole('tab', { name: section }).click(),
  }
}
