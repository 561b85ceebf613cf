import type { Editor } from '#ipc/files'
import type { Workspace } from '#bridge/contract/workspaces'
import { useChange } from '../../api/use-call.ts'
import { errorWords } from '../../api/error-words.ts'
import type { MenuAction } from '../../ui/menu-item.ts'
import { toast } from '../../ui/toast-store.ts'

/** The names people know the editors by. */
export const editorNames: Readonly<Record<Editor, string>> = {
  vscode: 'VS Code',
  'vscode-insiders': 'VS Code Insiders',
  cursor: 'Cursor',
  windsurf: 'Windsurf',
  zed: 'Zed',
  jetbrains: 'JetBrains Toolbox',
  'jetbrains-gateway': 'JetBrains Gateway',
}

export interface EditorPlace {
  readonly workspace: Workspace
  readonly deploymentId: string
  readonly agentName: string
  /** `null`: what the editor opens by itself. */
  readonly folder: string | null
}

/** A line of a menu for each editor of the user's own. Main asks before it starts one. */
export function useEditorItems(): (place: EditorPlace) => readonly MenuAction[] {
  const openIn = useChange('files.openInEditor')
  return ({ workspace, deploymentId, agentName, folder }) =>
    Object.entries(editorNames).map(([editor, label]) => ({
      label,
      onSelect: () =>
        openIn.mutate(
          {
            editor: editor as Editor,
            deploymentId,
            ownerName: workspace.owner_name,
            workspaceName: workspace.name,
            agentName,
            location: folder,
          },
          {
            onError: (error) =>
              toast({ tone: 'bad', title: `${label} is not opened`, detail: errorWords(error).message }),
          },
        ),
    }))
}
