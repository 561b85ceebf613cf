import type { Locator, Page } from '@playwright/test'

/** The page of one workspace. */
export interface WorkspaceScreen {
  readonly main: Locator
  readonly title: Locator
  readonly start: Locator
  readonly stop: Locator
  readonly openTerminal: Locator
  /** The word of a state, such as Running, in the header. */
  state(word: string): Locator
}

/** The workspace page of a window. */
export function workspaceScreen(page: Page): WorkspaceScreen {
  const main = page.getByRole('main')
  const button = (name: string): Locator => main.getByRole('button', { name, exact: true })
  return {
    main,
    title: main.getByRole('heading', { level: 1 }),
    start: button('Start'),
    stop: button('Stop'),
    openTerminal: button('Open terminal'),
    state: (word) => main.getByText(word, { exact: true }).first(),
  }
}

/** The list of workspaces. */
export interface WorkspacesScreen {
  readonly heading: Locator
  row(name: string): Locator
  open(name: string): Promise<void>
}

/** The list page of a window. */
export function workspacesScreen(page: Page): WorkspacesScreen {
  const row = (name: string): Locator =>
    page.getByRole('treegrid', { name: 'Workspaces' }).getByRole('row').filter({ hasText: name })
  return {
    heading: page.getByRole('main').getByRole('heading', { name: 'Workspaces', level: 1 }),
    row,
    async open(name) {
      await row(name).getByRole('gridcell', { name, exact: true }).click()
    },
  }
}
