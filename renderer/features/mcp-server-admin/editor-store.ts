import { create } from 'zustand'
import type { MCPServerConfig } from '#bridge/contract/mcp-servers'
import { type Editors, type OpenEditor, restoreEditors, writeEditor } from './editor-record.ts'
import { blankDraft, draftOf, noSecrets } from './server-draft.ts'

/** The forms that are open, by deployment. */
export const useEditors = create<Editors>(() => restoreEditors(localStorage))

/** Deployments whose form is being saved: a save goes on over a look at another page. */
export const useSaving = create<Readonly<Record<string, boolean>>>(() => ({}))

/** Opens a form, in place of one that may be open. */
export function openEditor(deploymentId: string, base: MCPServerConfig | null): void {
  keepEditor(deploymentId, {
    base,
    draft: base === null ? blankDraft : draftOf(base),
    secrets: noSecrets,
    lostSecrets: false,
  })
}

/** Keeps what is open as it is now; undefined closes it. */
export function keepEditor(deploymentId: string, editor: OpenEditor | undefined): void {
  useEditors.setState((editors) => {
    const { [deploymentId]: _, ...others } = editors
    return editor === undefined ? others : { ...others, [deploymentId]: editor }
  }, true)
  writeEditor(localStorage, deploymentId, editor)
}
