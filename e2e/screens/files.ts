import { expect, type Locator, type Page } from '@playwright/test'

/** The Files tab of a workspace. */
export interface FilesScreen {
  readonly tree: Locator
  readonly editor: Locator
  readonly tabs: Locator
  /** The text in front, as lines on the screen. */
  readonly lines: Locator
  readonly transfers: Locator
  /** What stands above the text. */
  notice(words: string | RegExp): Locator
  row(name: string): Locator
  open(name: string): Promise<void>
  /** Opens the menu of an entry and chooses a line of it. */
  choose(name: string, action: string | RegExp): Promise<void>
  /** Puts a text in place of all that is in front, as a person does. */
  retype(text: string): Promise<void>
  /** Opens the page of it, from any tab of the workspace. */
  show(): Promise<void>
}

/** The files of the workspace that a window shows. */
export function filesScreen(page: Page): FilesScreen {
  const main = page.getByRole('main')
  const tree = main.getByRole('treegrid', { name: /^Files of/ })
  const editor = main.getByRole('region', { name: 'Editor' })
  const lines = editor.locator('.monaco-editor .view-lines').first()
  const row = (name: string): Locator =>
    tree.getByRole('row').filter({ has: page.getByText(name, { exact: true }) })
  return {
    tree,
    editor,
    tabs: editor.getByRole('tablist', { name: 'Open files' }).getByRole('tab'),
    lines,
    transfers: main.getByRole('button', { name: /^Transfers/ }),
    row,
    notice: (words) => editor.getByRole('status').or(editor.getByRole('alert')).filter({ hasText: words }),
    async open(name) {
      await row(name).dblclick()
    },
    async choose(name, action) {
      await row(name).click({ button: 'right' })
      await page.getByRole('menuitem', { name: action }).click()
    },
    async retype(text) {
      await lines.click()
      await expect(editor.locator('.monaco-editor.focused').first()).toBeVisible()
      await page.keyboard.press('Control+a')
      await page.keyboard.insertText(text)
    },
    async show() {
      await main.getByRole('tab', { name: 'Files', exact: true }).click()
      await tree.waitFor()
    },
  }
}
