import type { Locator, Page } from '@playwright/test'

/** Settings, MCP servers. */
export interface McpServersScreen {
  readonly list: Locator
  /** The field of one header. */
  header(name: string): Locator
  /** The form around it, with where the value lies. */
  row(name: string): Locator
  readonly save: Locator
  readonly test: Locator
  /** What the last test found. */
  readonly tools: Locator
  type(name: string, value: string): Promise<void>
}

export function mcpServersScreen(page: Page): McpServersScreen {
  const main = page.getByRole('main')
  const header = (name: string) => main.getByLabel(name, { exact: true })
  return {
    list: main.getByRole('list', { name: 'MCP servers' }),
    header,
    row: (name) => main.locator('form').filter({ has: page.getByLabel(name, { exact: true }) }),
    save: main.getByRole('button', { name: 'Save' }),
    test: main.getByRole('button', { name: 'Test connection' }),
    tools: main.getByRole('list', { name: 'Tools' }),
    async type(name, value) {
      await header(name).fill(value)
      await header(name).press('Enter')
    },
  }
}
