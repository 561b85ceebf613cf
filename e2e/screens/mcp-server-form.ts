import type { Locator, Page } from '@playwright/test'

/** The form of an MCP server, for administrators. */
export interface McpServerFormScreen {
  readonly form: Locator
  readonly preview: Locator
  readonly add: Locator
  readonly save: Locator
  field(label: string): Locator
  heading(section: string): Locator
  chooseSignIn(name: string): Promise<void>
  addUserHeader(position: number, name: string, description: string): Promise<void>
}

export function mcpServerFormScreen(page: Page): McpServerFormScreen {
  const form = page.getByRole('main').locator('form')
  const field = (label: string) => form.getByLabel(label, { exact: true })
  return {
    form,
    preview: page.getByRole('region', { name: 'What users will see' }),
    add: form.getByRole('button', { name: 'Add server' }),
    save: form.getByRole('button', { name: 'Save', exact: true }),
    field,
    heading: (section) => form.getByRole('heading', { name: section, exact: true }),
    async chooseSignIn(name) {
      await form.getByRole('combobox', { name: 'How the deployment signs in to it' }).click()
      await page.getByRole('option', { name }).click()
    },
    async addUserHeader(position, name, description) {
      await form.getByRole('button', { name: 'Add user header' }).click()
      await field(`User header ${position}`).fill(name)
      await field(`Description of ${name}`).fill(description)
    },
  }
}
