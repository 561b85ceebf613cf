import type { FilesPlace, RemoteEntry } from '#bridge/contract/remote-files'
import { remoteParent } from '#bridge/contract/remote-names'
import { createStore, type StoreApi } from 'zustand/vanilla'
import { failedWith, type FilesClient } from '../../api/files-client.ts'
import type { FolderState, TreeSort } from './tree-lines.ts'

export interface BrowserState {
  /** The folder that is shown; `undefined` until the first one is known. */
  readonly root: string | undefined
  /** Why there is none: a sentence. */
  readonly problem: string | undefined
  readonly folders: ReadonlyMap<string, FolderState>
  readonly expanded: ReadonlySet<string>
  readonly showHidden: boolean
  readonly sort: TreeSort
  /** Where the keyboard is, by path. */
  readonly current: string | undefined
  readonly selected: ReadonlySet<string>
}

/** The folders of one place as a window looks at them. It outlives the view. */
export interface FolderBrowser {
  readonly store: StoreApi<BrowserState>
  /** Shows the first folder, unless one is shown: the one given, or the home folder where that one is not there. */
  start(folder: string | undefined): Promise<void>
  /** Shows a folder. Answers the path of the file where it is one: its folder is shown then. */
  goTo(path: string): Promise<string | undefined>
  toggle(path: string, open?: boolean): void
  /** Reads a folder again, where it is known. */
  refresh(folder: string): Promise<void>
  refreshAll(): void
  setHidden(showHidden: boolean): void
  setSort(sort: TreeSort): void
  select(current: string | undefined, selected: ReadonlySet<string>): void
}

export function createFolderBrowser(client: FilesClient, place: FilesPlace): FolderBrowser {
  const store = createStore<BrowserState>(() => ({
    root: undefined,
    problem: undefined,
    folders: new Map(),
    expanded: new Set(),
    showHidden: false,
    sort: { column: 'name', direction: 'asc' },
    current: undefined,
    selected: new Set(),
  }))
  const reading = new Map<string, AbortController>()
  const setFolder = (path: string, state: FolderState): void =>
    store.setState(({ folders }) => ({ folders: new Map(folders).set(path, state) }))

  /** @throws {FilesRequestError} what the listing failed with, after it was shown */
  const read = async (path: string): Promise<void> => {
    reading.get(path)?.abort()
    const abort = new AbortController()
    reading.set(path, abort)
    const before = store.getState().folders.get(path)?.entries ?? []
    setFolder(path, { status: 'loading', entries: before, isTruncated: false, problem: '' })
    const entries: RemoteEntry[] = []
    try {
      const { isTruncated } = await client.ask(
        place,
        { op: 'list', path },
        {
          signal: abort.signal,
          onEvent: (event) => {
            if (event.kind !== 'entries') return
            entries.push(...event.entries)
            // The first page shows at once; a large folder then comes in one step, so that it is sorted once.
            if (before.length === 0 && entries.length === event.entries.length) {
              setFolder(path, { status: 'loading', entries: [...entries], isTruncated: false, problem: '' })
            }
          },
        },
      )
      setFolder(path, { status: 'ready', entries, isTruncated, problem: '' })
    } catch (error) {
      if (abort.signal.aborted) return
      const problem = error instanceof Error ? error.message : String(error)
      setFolder(path, { status: 'failed', entries: [], isTruncated: false, problem })
      throw error
    } finally {
      if (reading.get(path) === abort) reading.delete(path)
    }
  }
  const quietly = async (path: string): Promise<void> => read(path).catch(() => undefined)

  const show = async (path: string): Promise<void> => {
    const { path: real } = await client.ask(place, { op: 'realpath', path })
    if (store.getState().root !== real) {
      store.setState({ root: real, problem: undefined, current: undefined, selected: new Set() })
    }
    await read(real)
  }
  const isKnown = (folder: string): boolean => store.getState().folders.has(folder)

  return {
    store,
    start: async (folder) => {
      if (store.getState().root !== undefined) return
      store.setState({ problem: undefined })
      try {
        if (folder !== undefined) {
          const isShown = await show(folder).then(
            () => true,
            (error: unknown) => {
              if (failedWith(error, 'not_found') || failedWith(error, 'not_a_folder')) return false
              throw error
            },
          )
          if (isShown) return
        }
        const { path } = await client.ask(place, { op: 'home' })
        await show(path)
      } catch (error) {
        // Where the folder itself was refused, its own line says so.
        if (store.getState().root === undefined) {
          store.setState({ problem: error instanceof Error ? error.message : String(error) })
        }
      }
    },
    goTo: async (path) => {
      const { root } = store.getState()
      try {
        await show(path)
        return undefined
      } catch (error) {
        if (!failedWith(error, 'not_a_folder')) {
          // What cannot be shown must not take the place of what is.
          if (root !== undefined && store.getState().root !== root) store.setState({ root })
          throw error
        }
        const { path: real } = await client.ask(place, { op: 'realpath', path })
        await show(remoteParent(real))
        store.setState({ current: real, selected: new Set([real]) })
        return real
      }
    },
    toggle: (path, open) => {
      const expanded = new Set(store.getState().expanded)
      const isOpen = open ?? !expanded.has(path)
      if (isOpen) expanded.add(path)
      else expanded.delete(path)
      store.setState({ expanded })
      if (isOpen) void quietly(path)
    },
    refresh: async (folder) => {
      if (isKnown(folder)) await quietly(folder)
    },
    refreshAll: () => {
      const { root, expanded, folders } = store.getState()
      for (const folder of new Set([...(root === undefined ? [] : [root]), ...expanded])) {
        if (folders.has(folder)) void quietly(folder)
      }
    },
    setHidden: (showHidden) => store.setState({ showHidden }),
    setSort: (sort) => store.setState({ sort }),
    select: (current, selected) => store.setState({ current, selected }),
  }
}
