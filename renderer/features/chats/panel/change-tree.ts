import type { ChangedFile } from './changed-files.ts'

interface LineBase {
  /** From the repository's root. */
  readonly path: string
  readonly name: string
  readonly depth: number
  readonly added: number
  readonly removed: number
}

/** A folder with all that changed below it, or a changed file. */
export type ChangeTreeLine =
  | (LineBase & { readonly kind: 'folder'; readonly isOpen: boolean })
  | (LineBase & { readonly kind: 'file'; readonly file: ChangedFile })

interface Folder {
  readonly folders: Map<string, Folder>
  readonly files: ChangedFile[]
  /** Of all below it. */
  added: number
  removed: number
}

const emptyFolder = (): Folder => ({ folders: new Map(), files: [], added: 0, removed: 0 })

/** The lines of the tree of changed files, folders first; a folder with nothing but another one shares its line. */
export function changeTree(
  files: readonly ChangedFile[],
  folded: ReadonlySet<string>,
): readonly ChangeTreeLine[] {
  const root = emptyFolder()
  for (const file of files) {
    let folder = root
    for (const name of file.path.split('/').slice(0, -1)) {
      const next = folder.folders.get(name) ?? emptyFolder()
      folder.folders.set(name, next)
      folder = next
      folder.added += file.added
      folder.removed += file.removed
    }
    folder.files.push(file)
  }
  return linesOf(root, '', 0, folded)
}

function linesOf(
  folder: Folder,
  prefix: string,
  depth: number,
  folded: ReadonlySet<string>,
): ChangeTreeLine[] {
  const lines: ChangeTreeLine[] = []
  for (const [first, below] of [...folder.folders].toSorted(([a], [b]) => byName(a, b))) {
    const { name, folder: last } = joined(first, below)
    const path = `${prefix}${name}`
    const isOpen = !folded.has(path)
    const { added, removed } = last
    lines.push({ kind: 'folder', path, name, depth, isOpen, added, removed })
    if (isOpen) lines.push(...linesOf(last, `${path}/`, depth + 1, folded))
  }
  for (const file of folder.files.toSorted((a, b) => byName(a.path, b.path))) {
    const { path, added, removed } = file
    lines.push({ kind: 'file', path, name: path.slice(prefix.length), depth, added, removed, file })
  }
  return lines
}

function joined(name: string, folder: Folder): { readonly name: string; readonly folder: Folder } {
  let [path, last] = [name, folder]
  while (last.files.length === 0 && last.folders.size === 1) {
    const [[next, below] = ['', undefined]] = last.folders
    if (below === undefined) break
    ;[path, last] = [`${path}/${next}`, below]
  }
  return { name: path, folder: last }
}

const byName = (a: string, b: string): number => a.localeCompare(b, undefined, { numeric: true })
