import type { Locator, Page } from '@playwright/test'

/** The page on which a workspace is made from a template. */
export interface CreateWorkspaceScreen {
  readonly name: Locator
  readonly create: Locator
  readonly build: Locator
  readonly buildLog: Locator
  readonly openWorkspace: Locator
  readonly openTerminal: Locator
  parameter(label: string): Locator
}

/** The create page of a window. */
export function createWorkspaceScreen(page: Page): CreateWorkspaceScreen {
  const main = page.getByRole('main')
  const build = main.getByRole('complementary', { name: 'Build' })
  return {
    name: main.getByRole('textbox', { name: 'Name', exact: true }),
    create: main.getByRole('button', { name: 'Create workspace' }),
    build,
    buildLog: build.getByRole('log'),
    openWorkspace: main.getByRole('button', { name: 'Open workspace' }),
    openTerminal: main.getByRole('button', { name: 'Open terminal' }),
    parameter: (label) => main.getByRole('form', { name: 'New workspace' }).getByLabel(label),
  }
}
