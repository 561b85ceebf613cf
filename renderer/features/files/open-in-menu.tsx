import type { ReactElement } from 'react'
import type { Editor } from '#ipc/files'
import type { Workspace } from '#bridge/contract/workspaces'
import { useChange } from '../../api/use-call.ts'
import { errorWords } from '../../api/error-words.ts'
import { Menu } from '../../ui/menu.tsx'
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

export interface OpenInMenuProps {
  readonly workspace: Workspace
  readonly deploymentId: string
  readonly agentName: string
  readonly folder: string
  readonly trigger: ReactElement
}

/** Opens the shown folder in an editor of the user's own. Main asks before it starts one. */
export function OpenInMenu({ workspace, deploymentId, agentName, folder, trigger }: OpenInMenuProps) {
  const openIn = useChange('files.openInEditor')
  const open = (editor: Editor): void =>
    openIn.mutate(
      {
        editor,
        deploymentId,
        ownerName: workspace.owner_name,
        workspaceName: workspace.name,
        agentName,
        location: folder,
      },
      {
        onError: (error) =>
          toast({
            tone: 'bad',
            title: `${editorNames[editor]} is not opened`,
            detail: errorWords(error).message,
          }),
      },
    )
  return (
    <Menu
      align="end"
      trigger={trigger}
      items={[
        { kind: 'heading', label: 'Open this folder in' },
        ...Object.entries(editorNames).map(([editor, label]) => ({
          label,
          onSelect: () => open(editor as Editor),
        })),
      ]}
    />
  )
}
