import type { RemoteEntry } from '#bridge/contract/remote-files'
import { joinRemote } from '#bridge/contract/remote-names'

/** A folder as far as it is known. */
export interface FolderState {
  readonly status: 'loading' | 'ready' | 'failed'
  /** Those of the time before stay while it is read again. */
  readonly entries: readonly RemoteEntry[]
  /** There are more than are shown. */
  readonly isTruncated: boolean
  /** Of a failed one: a sentence. */
  readonly problem: string
}

export type SortColumn = 'name' | 'size' | 'mtime' | 'mode'
export interface TreeSort {
  readonly column: SortColumn
  readonly direction: 'asc' | 'desc'
}

interface Placed {
  readonly key: string
  /** 0 for what lies in the shown folder. */
  readonly depth: number
}
/** One line of the tree. */
export interface EntryLine extends Placed {
  readonly kind: 'entry'
  readonly path: string
  readonly entry: RemoteEntry
  readonly isFolder: boolean
  readonly isOpen: boolean
}
/** What is to be said about an open folder in place of its entries. */
export interface NoteLine extends Placed {
  readonly kind: 'note'
  readonly note: 'loading' | 'empty' | 'failed' | 'truncated'
  readonly folder: string
  readonly text: string
}
export type TreeLine = EntryLine | NoteLine

export interface TreeView {
  readonly root: string
  readonly folders: ReadonlyMap<string, FolderState>
  readonly expanded: ReadonlySet<string>
  readonly showHidden: boolean
  readonly sort: TreeSort
}

/** Whether it opens as a folder: links to one do. */
export function isFolderEntry({ kind, target }: RemoteEntry): boolean {
  return kind === 'folder' || target?.kind === 'folder'
}

// Links can make a tree endless; no one opens so many by hand.
const maxDepth = 64

/** The lines to show, folders before files, open folders followed by what is in them. */
export function treeLines(view: TreeView): readonly TreeLine[] {
  const lines: TreeLine[] = []
  add(view, { folder: view.root, depth: 0 }, lines)
  return lines
}

function add(view: TreeView, { folder, depth }: { folder: string; depth: number }, lines: TreeLine[]): void {
  const state = view.folders.get(folder)
  const note = (kind: NoteLine['note'], text = ''): void => {
    lines.push({ kind: 'note', key: `${folder}\0${kind}`, depth, folder, note: kind, text })
  }
  if (!state) return
  if (state.status === 'failed') {
    note('failed', state.problem)
    return
  }
  if (state.status === 'loading' && state.entries.length === 0) {
    note('loading')
    return
  }
  const shown = sorted(state.entries, view)
  for (const entry of shown) {
    const path = joinRemote(folder, entry.name)
    const isFolder = isFolderEntry(entry)
    const isOpen = isFolder && view.expanded.has(path) && depth < maxDepth
    lines.push({ kind: 'entry', key: path, path, entry, depth, isFolder, isOpen })
    if (isOpen) add(view, { folder: path, depth: depth + 1 }, lines)
  }
  const hidden = state.entries.length - shown.length
  if (shown.length === 0 && depth > 0) note('empty', hidden === 0 ? '' : `${hidden} hidden`)
  if (state.isTruncated) note('truncated')
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })
const cache = new WeakMap<readonly RemoteEntry[], { key: string; shown: readonly RemoteEntry[] }>()

/** Sorting is most of the work for a large folder, and opening another one changes nothing in it. */
function sorted(entries: readonly RemoteEntry[], { showHidden, sort }: TreeView): readonly RemoteEntry[] {
  const key = `${String(showHidden)} ${sort.column} ${sort.direction}`
  const known = cache.get(entries)
  if (known?.key === key) return known.shown
  const sign = sort.direction === 'asc' ? 1 : -1
  const byName = (a: RemoteEntry, b: RemoteEntry): number => collator.compare(a.name, b.name)
  const compare = (a: RemoteEntry, b: RemoteEntry): number => {
    const { column } = sort
    return sign * (column === 'name' ? byName(a, b) : a[column] - b[column]) || byName(a, b)
  }
  const shown = entries
    .filter(({ name }) => showHidden || !name.startsWith('.'))
    .sort((a, b) => Number(isFolderEntry(b)) - Number(isFolderEntry(a)) || compare(a, b))
  cache.set(entries, { key, shown })
  return shown
}
