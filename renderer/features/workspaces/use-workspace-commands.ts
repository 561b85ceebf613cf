import type { Workspace } from '#bridge/contract/workspaces'
import { useApi } from '../../api/api-context.tsx'
import { errorWords } from '../../api/error-words.ts'
import { toast } from '../../ui/toast-store.ts'

export type WorkspaceChange = 'start' | 'stop'

/** What to do with workspaces; failures are told in a toast that names the workspace. */
export interface WorkspaceCommands {
  readonly start: (workspace: Workspace) => Promise<boolean>
  readonly stop: (workspace: Workspace) => Promise<boolean>
  /** Rejects, for the dialog that asked. */
  readonly remove: (workspace: Workspace) => Promise<void>
  readonly setFavorite: (workspace: Workspace, favorite: boolean) => Promise<boolean>
}

const failedWords: Record<WorkspaceChange, string> = { start: 'is not started', stop: 'is not stopped' }

export function useWorkspaceCommands(deploymentId: string): WorkspaceCommands {
  const { client } = useApi()
  const attempt = async (title: string, run: () => Promise<unknown>): Promise<boolean> => {
    try {
      await run()
      return true
    } catch (error) {
      toast({ tone: 'bad', title, detail: errorWords(error).message })
      return false
    }
  }
  const build = (change: WorkspaceChange) => (workspace: Workspace) =>
    attempt(`${workspace.name} ${failedWords[change]}`, () =>
      client.call(`workspaces.${change}`, { deploymentId, workspaceId: workspace.id }),
    )
  return {
    start: build('start'),
    stop: build('stop'),
    remove: async (workspace) => {
      await client.call('workspaces.delete', {
        deploymentId,
        workspaceId: workspace.id,
        confirmName: workspace.name,
      })
    },
    setFavorite: (workspace, favorite) =>
      attempt(`${workspace.name} stays as it was`, () =>
        client.call('workspaces.setFavorite', { deploymentId, workspaceId: workspace.id, favorite }),
      ),
  }
}
