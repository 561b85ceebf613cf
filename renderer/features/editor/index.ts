export { EditorArea } from './editor-area.tsx'
export type { CursorPlace, EditorKit, TextBuffer } from './editor-kit.ts'
export { createOpenDocuments, type OpenDocuments } from './open-documents.ts'
export { createRecoveryStore } from './recovery.ts'
