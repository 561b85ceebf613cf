/** The only caller of `openExternal`. What may be opened was decided by `main/security/external-url`. */
import { shell } from 'electron'

export async function openInSystem(url: string): Promise<void> {
  await shell.openExternal(url)
}

/** Shows a file in the file manager whose path main gave itself. */
export function showInFolder(path: string): void {
  shell.showItemInFolder(path)
}

/** Opens a folder that main itself made. */
export async function openFolder(path: string): Promise<void> {
  const problem = await shell.openPath(path)
  if (problem !== '') throw new Error(`The folder could not be opened: ${problem}`)
}
