import type { FilesPlace, FileVersion } from '#bridge/contract/remote-files'
import { displayName, remoteBaseName } from '#bridge/contract/remote-names'
import { failedWith, FilesRequestError, type FilesClient } from '../../api/files-client.ts'
import { editMaxBytes, isChanged, type OpenDocument, type TextContent } from './document-state.ts'
import type { DocumentTable } from './document-table.ts'
import { decodeText, encodeText } from './text-encoding.ts'

export interface SaveOptions {
  /** Over whatever is there now. */
  readonly force?: boolean
  /** By sudo; `null`: without a password. It is used for this one call and kept nowhere. */
  readonly rootPassword?: string | null
}

/** Saves a document. Answers whether it is saved. As root it throws what sudo said; else that stands in the document. */
export type SaveDocument = (id: string, options?: SaveOptions) => Promise<boolean>

interface Deps {
  readonly table: DocumentTable
  readonly client: FilesClient
  readonly place: FilesPlace
  readonly onSaved: (path: string) => void
}

export function createSaveDocument(deps: Deps): SaveDocument {
  const { table, client, place } = deps
  const { find, change, textOf } = table
  return async (id, { force = false, rootPassword } = {}) => {
    const document = find(id)
    const content = textOf(id)
    if (!document || !content || content.isCut || document.isSaving) return false
    const text = content.buffer.text()
    const written = { ...content, savedVersion: content.buffer.version(), baseText: text }
    const bytes = encodeText(text, content.format)
    if (!bytes) {
      const message = 'The text has characters that this encoding does not have. Choose UTF-8 below.'
      change(id, { problem: { code: 'not_encodable', message } })
      return false
    }
    change(id, { isSaving: true, problem: undefined })
    const saving = { path: document.path, bytes, base: content.base, force }
    try {
      const saved = await client.ask(
        place,
        rootPassword === undefined
          ? { op: 'save', ...saving }
          : { op: 'save-as-root', ...saving, password: rootPassword },
      )
      noteSaved(table, id, { ...written, base: saved.version, size: saved.version.size })
      deps.onSaved(document.path)
      return true
    } catch (error) {
      change(id, { isSaving: false })
      if (failedWith(error, 'conflict')) await findConflict(deps, id, error.current ?? null)
      else if (rootPassword === undefined) change(id, { problem: problemOf(error) })
      else throw error
      return false
    }
  }
}

/** What was written is the base now; what was typed meanwhile is unsaved. */
function noteSaved({ change, textOf, noteChange }: DocumentTable, id: string, written: TextContent): void {
  const now = textOf(id)
  if (!now) return
  const next: TextContent = {
    ...written,
    format: now.format,
    hasNewFormat: now.format !== written.format,
    hasMixedEol: false,
  }
  const done = { isSaving: false, conflict: undefined, recoveredFrom: undefined }
  change(id, { ...done, content: next, isDirty: isChanged(next) })
  noteChange(id)
}

/** Reads what is there now, so that the user can choose. */
async function findConflict(deps: Deps, id: string, current: FileVersion | null): Promise<void> {
  const { table, client, place } = deps
  const document = table.find(id)
  const mine = table.textOf(id)?.buffer.text()
  if (!document || mine === undefined) return
  const isGone = (): void => table.change(id, { conflict: { current: null, theirs: '', mine } })
  if (current === null) {
    isGone()
    return
  }
  try {
    const file = await client.ask(place, { op: 'read', path: document.path, maxBytes: editMaxBytes })
    if (file.isBinary || file.version === null) {
      const name = displayName(remoteBaseName(document.path))
      const message = `“${name}” is no text of an editable size on the workspace any more.`
      table.change(id, { problem: { code: 'conflict', message } })
      return
    }
    const theirs = decodeText(file.bytes, file.encoding)
    table.change(id, { conflict: { current: file.version, theirs, mine } })
  } catch (error) {
    if (failedWith(error, 'not_found')) isGone()
    else table.change(id, { problem: problemOf(error) })
  }
}

/** An error as it stands above a text. */
export function problemOf(error: unknown): OpenDocument['problem'] {
  const code = error instanceof FilesRequestError ? error.code : 'unknown'
  return { code, message: error instanceof Error ? error.message : String(error) }
}
