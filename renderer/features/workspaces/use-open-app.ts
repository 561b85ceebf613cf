import type { Workspace } from '#bridge/contract/workspaces'
import { errorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'
import { toast } from '../../ui/toast-store.ts'
import { useWindowActions } from '../window/index.ts'
import type { ShownApp } from './workspace-apps.ts'

/** Opens an app: what has a page in the browser, by main, which knows its address; a command in a terminal. */
export function useOpenApp(deploymentId: string) {
  const actions = useWindowActions()
  const change = useChange('workspaces.openApp')
  const open = (workspace: Workspace, { agent, app, name, opens }: ShownApp): void => {
    if (opens === 'terminal') {
      actions.openTerminal(deploymentId, workspace, agent.id, { name, command: app.command ?? '' })
      return
    }
    // Told also where the page was left meanwhile: who opened it waits for it.
    change
      .mutateAsync({ deploymentId, workspaceId: workspace.id, agentId: agent.id, slug: app.slug })
      .catch((error: unknown) =>
        toast({ tone: 'bad', title: `${name} is not opened`, detail: errorWords(error).message }),
      )
  }
  return { open, opening: change.isPending ? change.variables : undefined }
}
