import type { Locator, Page } from '@playwright/test'

/** The gallery of templates and the page of one. */
export interface TemplatesScreen {
  readonly list: Locator
  readonly main: Locator
  readonly newWorkspace: Locator
  open(name: string): Promise<void>
}

/** The templates of a window. */
export function templatesScreen(page: Page): TemplatesScreen {
  const main = page.getByRole('main')
  const list = main.getByRole('list', { name: 'Templates' })
  return {
    list,
    main,
    newWorkspace: main.getByRole('button', { name: 'New workspace' }),
    open: async (name) => list.getByRole('button', { name }).click(),
  }
}
