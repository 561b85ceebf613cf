import { createStore, type StoreApi } from 'zustand/vanilla'
import {
  isChanged,
  newDocument,
  type DocumentContent,
  type OpenDocument,
  type TextContent,
} from './document-state.ts'
import type { CursorPlace } from './editor-kit.ts'

export interface DocumentsState {
  readonly documents: readonly OpenDocument[]
  readonly activeId: string | undefined
}

/** The open documents, and the ways in which they change. */
export interface DocumentTable {
  readonly store: StoreApi<DocumentsState>
  find(id: string): OpenDocument | undefined
  findPath(path: string): OpenDocument | undefined
  textOf(id: string): TextContent | undefined
  /** Puts a new document in front. Answers its id. */
  add(path: string, goTo: CursorPlace | undefined): string
  change(id: string, next: Partial<OpenDocument>): void
  /** Puts a content in place and follows its changes. */
  show(id: string, content: DocumentContent, more?: Partial<OpenDocument>): void
  /** Looks anew whether there are unsaved changes. */
  noteChange(id: string): void
  remove(id: string): void
}

/** `onChange` is told of each change of a text, and whether it is unsaved now. */
export function createDocumentTable(
  newId: () => string,
  onChange: (id: string, isDirty: boolean) => void,
): DocumentTable {
  const store = createStore<DocumentsState>(() => ({ documents: [], activeId: undefined }))
  const find = (id: string): OpenDocument | undefined =>
    store.getState().documents.find((document) => document.id === id)
  const change = (id: string, next: Partial<OpenDocument>): void =>
    store.setState(({ documents }) => ({
      documents: documents.map((each) => (each.id === id ? { ...each, ...next } : each)),
    }))
  const noteChange = (id: string): void => {
    const document = find(id)
    if (!document) return
    const isDirty = isChanged(document.content)
    if (document.isDirty !== isDirty) change(id, { isDirty })
    onChange(id, isDirty)
  }
  return {
    store,
    find,
    change,
    noteChange,
    findPath: (path) => store.getState().documents.find((document) => document.path === path),
    textOf: (id) => {
      const content = find(id)?.content
      return content?.kind === 'text' ? content : undefined
    },
    add: (path, goTo) => {
      const document = { ...newDocument(newId(), path), goTo }
      store.setState(({ documents }) => ({ documents: [...documents, document], activeId: document.id }))
      return document.id
    },
    show: (id, content, more = {}) => {
      change(id, { content, isDirty: isChanged(content), problem: undefined, conflict: undefined, ...more })
      if (content.kind === 'text') content.buffer.onChange(() => noteChange(id))
    },
    remove: (id) => {
      const { documents, activeId } = store.getState()
      const index = documents.findIndex((document) => document.id === id)
      const document = documents[index]
      if (!document) return
      const rest = documents.filter((each) => each !== document)
      const beside = rest[Math.min(index, rest.length - 1)]?.id
      store.setState({ documents: rest, activeId: activeId === id ? beside : activeId })
      if (document.content.kind === 'text') document.content.buffer.dispose()
    },
  }
}
