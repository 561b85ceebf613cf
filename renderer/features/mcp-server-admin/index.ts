export { useEditors } from './editor-store.ts'
export { AddServerButton, ServerActions } from './server-actions.tsx'
export { ServerEditor } from './server-editor.tsx'
export { useServerAccess } from './use-server-admin.ts'
