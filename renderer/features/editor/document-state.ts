import type { FilesErrorCode, FileVersion, ReadText } from '#bridge/contract/remote-files'
import { remoteBaseName, remoteParent } from '#bridge/contract/remote-names'
import type { CursorPlace, TextBuffer } from './editor-kit.ts'
import type { TextFormat } from './text-encoding.ts'

/** Above this a file opens as far as that, and cannot be changed. */
export const editMaxBytes = 8 * 1024 * 1024

/** The file changed on the workspace since it was read. */
export interface Conflict {
  /** What is there now; `null`: it is gone. */
  readonly current: FileVersion | null
  readonly theirs: string
  /** The text of the buffer when it was found. */
  readonly mine: string
}

/** Why saving did not work. */
export interface SaveProblem {
  readonly message: string
  readonly code: FilesErrorCode | 'not_encodable' | 'unknown'
}

/** A text that can be looked at, and mostly edited. */
export interface TextContent {
  readonly kind: 'text'
  readonly buffer: TextBuffer
  readonly format: TextFormat
  /** Lines of the file end in different ways; saving makes them the same. */
  readonly hasMixedEol: boolean
  /** Only the first part of a large file: it cannot be saved. */
  readonly isCut: boolean
  readonly size: number
  /** What the text is based on; `null`: there was no file. */
  readonly base: FileVersion | null
  /** The text of the base; `undefined` where it is not known. */
  readonly baseText: string | undefined
  /** The buffer's version that is saved; −1: none. */
  readonly savedVersion: number
  /** Encoding or line endings were changed. */
  readonly hasNewFormat: boolean
}

export type DocumentContent =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'binary'; readonly size: number }
  | TextContent

/** An open file. */
export interface OpenDocument {
  readonly id: string
  readonly path: string
  readonly content: DocumentContent
  readonly isDirty: boolean
  readonly isSaving: boolean
  readonly problem: SaveProblem | undefined
  readonly conflict: Conflict | undefined
  /** Its unsaved changes were brought back; epoch milliseconds of the last one. */
  readonly recoveredFrom: number | undefined
  /** Unsaved changes are not kept outside of the window at the moment. */
  readonly isUnkept: boolean
  /** Where to go once it shows; a new object each time. */
  readonly goTo: CursorPlace | undefined
}

/** A document before its file is read. */
export function newDocument(id: string, path: string): OpenDocument {
  return {
    id,
    path,
    content: { kind: 'loading' },
    isDirty: false,
    isSaving: false,
    problem: undefined,
    conflict: undefined,
    recoveredFrom: undefined,
    isUnkept: false,
    goTo: undefined,
  }
}

/** Whether the text differs from what is saved. */
export function isChanged(content: DocumentContent): boolean {
  return (
    content.kind === 'text' &&
    !content.isCut &&
    (content.hasNewFormat || content.buffer.version() !== content.savedVersion)
  )
}

/** The content of a file that was read, around a buffer with its text. */
export function contentOf(read: ReadText, buffer: TextBuffer, text: string): TextContent {
  return {
    kind: 'text',
    buffer,
    format: { encoding: read.encoding, hasBom: read.hasBom, eol: read.eol ?? 'lf' },
    hasMixedEol: read.hasMixedEol,
    isCut: read.isTruncated || read.version === null,
    size: read.size,
    base: read.version,
    baseText: text,
    savedVersion: buffer.version(),
    hasNewFormat: false,
  }
}

/** Names for tabs: those of the same name get their folder's name too. */
export function tabLabels(documents: readonly OpenDocument[]): ReadonlyMap<string, string> {
  const names = documents.map(({ path }) => remoteBaseName(path))
  return new Map(
    documents.map(({ id, path }, index) => {
      const name = names[index] ?? ''
      const isOnly = names.indexOf(name) === names.lastIndexOf(name)
      return [id, isOnly ? name : `${name} – ${remoteBaseName(remoteParent(path)) || '/'}`]
    }),
  )
}
