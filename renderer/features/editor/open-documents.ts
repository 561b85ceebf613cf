import type { FilesPlace } from '#bridge/contract/remote-files'
import type { StoreApi } from 'zustand/vanilla'
import type { FilesClient } from '../../api/files-client.ts'
import { createAutosave } from './autosave.ts'
import { createDocumentTable, type DocumentsState } from './document-table.ts'
import type { CursorPlace, EditorKit } from './editor-kit.ts'
import { loadDocument, showRecovered, type Recovered } from './load-document.ts'
import type { RecoveryStore } from './recovery.ts'
import { createSaveDocument, type SaveDocument } from './save-document.ts'
import type { TextFormat } from './text-encoding.ts'

/** The open files of one place. They outlive the views that show them. */
export interface OpenDocuments {
  readonly store: StoreApi<DocumentsState>
  /** The same promise every time, for `use`. */
  kit(): Promise<EditorKit>
  open(path: string, goTo?: CursorPlace): void
  activate(id: string): void
  /** Forgets the document with its unsaved changes. */
  close(id: string): void
  /** Reads the file again, in place of what is there. */
  reload(id: string): void
  readonly save: SaveDocument
  saveAll(): Promise<void>
  setFormat(id: string, change: Partial<TextFormat>): void
  /** Takes what is there now, in place of the changes. */
  takeTheirs(id: string): void
  /** Saves this text over what was there when the conflict was found. */
  saveMerged(id: string, text: string): Promise<boolean>
  dismissConflict(id: string): void
  dismissNotice(id: string): void
  /** A file or folder got another name. */
  moved(from: string, to: string): void
  /** Opens what was not saved when the window went away. */
  restore(): Promise<void>
  /** Keeps all unsaved changes now. */
  flush(): void
}

export interface OpenDocumentsDeps {
  readonly client: FilesClient
  readonly place: FilesPlace
  readonly recoveries: RecoveryStore
  /** Loads the editor's code, which is no part of the first page. */
  readonly loadKit: () => Promise<EditorKit>
  readonly newId: () => string
  /** A file has another content now. */
  readonly onSaved: (path: string) => void
  /** How long typing rests before the text is kept; tests have less of it. */
  readonly keepAfterMs?: number
}

export function createOpenDocuments(deps: OpenDocumentsDeps): OpenDocuments {
  const { client, place, recoveries } = deps
  let loading: Promise<EditorKit> | undefined
  const kit = (): Promise<EditorKit> => (loading ??= deps.loadKit())
  const table = createDocumentTable(deps.newId, (id, isDirty) => {
    if (isDirty) autosave.changed(id)
    else autosave.forget(id)
  })
  const autosave = createAutosave({
    recoveries,
    afterMs: deps.keepAfterMs,
    unsaved: (id) => {
      const document = table.find(id)
      if (document?.content.kind !== 'text' || !document.isDirty) return undefined
      const { buffer, base } = document.content
      return { path: document.path, baseSha256: base?.sha256 ?? null, text: buffer.text() }
    },
    onKept: (id, isKept) => {
      if (table.find(id)?.isUnkept === isKept) table.change(id, { isUnkept: !isKept })
    },
  })
  const reading = { table, client, place, kit }
  const save = createSaveDocument({ ...reading, onSaved: deps.onSaved })
  /** Texts of before that could not be shown yet. Closing their tab does not throw them away. */
  const unshown = new Map<string, Recovered>()
  const showAgain = async (id: string, recovered: Recovered): Promise<void> => {
    unshown.set(id, recovered)
    if (!(await showRecovered(reading, id, recovered))) return
    unshown.delete(id)
    autosave.adopt(id, recovered.recovery.recoveryId)
  }
  let restoring: Promise<void> | undefined
  const restoreAll = async (): Promise<void> => {
    for (const recovery of await recoveries.list()) {
      if (table.findPath(recovery.location)) continue
      const text = await recoveries.read(recovery.recoveryId)
      await showAgain(table.add(recovery.location, undefined), { recovery, text })
    }
  }
  const reload = (id: string): void => {
    const document = table.find(id)
    if (!document) return
    if (document.content.kind === 'text') document.content.buffer.dispose()
    table.change(id, { content: { kind: 'loading' }, isDirty: false, recoveredFrom: undefined })
    const recovered = unshown.get(id)
    if (recovered) void showAgain(id, recovered)
    else {
      autosave.forget(id)
      void loadDocument(reading, id)
    }
  }

  return {
    ...changes(table, save),
    store: table.store,
    kit,
    save,
    reload,
    open: (path, goTo) => {
      const known = table.findPath(path)
      if (!known) {
        void loadDocument(reading, table.add(path, goTo))
        return
      }
      table.store.setState({ activeId: known.id })
      if (goTo) table.change(known.id, { goTo })
      if (known.content.kind === 'failed') reload(known.id)
    },
    close: (id) => {
      autosave.forget(id)
      unshown.delete(id)
      table.remove(id)
    },
    moved: (from, to) => {
      for (const { id, path } of table.store.getState().documents) {
        if (path !== from && !path.startsWith(`${from}/`)) continue
        table.change(id, { path: to + path.slice(from.length) })
        // What is kept is kept by path.
        autosave.forget(id)
        table.noteChange(id)
      }
    },
    restore: async () => {
      restoring ??= restoreAll().finally(() => {
        restoring = undefined
      })
      return restoring
    },
    flush: () => autosave.flush(),
  }
}

/** What the user changes in a document beside its text. */
function changes(
  { store, find, change, textOf, noteChange }: ReturnType<typeof createDocumentTable>,
  save: SaveDocument,
): Pick<
  OpenDocuments,
  'activate' | 'saveAll' | 'setFormat' | 'takeTheirs' | 'saveMerged' | 'dismissConflict' | 'dismissNotice'
> {
  return {
    activate: (id) => store.setState({ activeId: id }),
    saveAll: async () => {
      for (const { id, isDirty } of store.getState().documents) if (isDirty) await save(id)
    },
    setFormat: (id, format) => {
      const content = textOf(id)
      if (!content || content.isCut) return
      const next = { ...content, format: { ...content.format, ...format }, hasNewFormat: true }
      change(id, { content: next, problem: undefined })
      noteChange(id)
    },
    takeTheirs: (id) => {
      const conflict = find(id)?.conflict
      const content = textOf(id)
      if (!conflict || !content) return
      const { current, theirs } = conflict
      content.buffer.replace(theirs)
      const next = { ...content, base: current, baseText: theirs, savedVersion: content.buffer.version() }
      change(id, { content: { ...next, hasNewFormat: false }, conflict: undefined, recoveredFrom: undefined })
      noteChange(id)
    },
    saveMerged: async (id, text) => {
      const conflict = find(id)?.conflict
      const content = textOf(id)
      if (!conflict || !content) return false
      if (content.buffer.text() !== text) content.buffer.replace(text)
      // Based on what was seen: where it changed once more, that is a conflict again.
      const next = { ...content, base: conflict.current, baseText: conflict.theirs }
      change(id, { content: next, conflict: undefined })
      return save(id)
    },
    dismissConflict: (id) => change(id, { conflict: undefined }),
    dismissNotice: (id) => change(id, { recoveredFrom: undefined, problem: undefined }),
  }
}
