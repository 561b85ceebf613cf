import type { Workspace } from '#bridge/contract/workspaces'
import { useWorkspaceCommands, workspaceActions, workspaceState } from '../features/workspaces/index.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { BoxIcon, PlayIcon } from '../ui/icons.tsx'

export interface WorkspaceNotRunningProps {
  readonly deploymentId: string
  readonly workspace: Workspace
}

/** In place of what a workspace has while it runs. */
export function WorkspaceNotRunning({ deploymentId, workspace }: WorkspaceNotRunningProps) {
  const commands = useWorkspaceCommands(deploymentId)
  const { canStart, isBuilding } = workspaceActions(workspace)
  const { label } = workspaceState(workspace)
  return (
    <EmptyState
      icon={<BoxIcon />}
      title={`${workspace.name}: ${label.toLowerCase()}`}
      actions={
        canStart ? (
          <Button icon={<PlayIcon />} onClick={() => void commands.start(workspace)}>
            Start workspace
          </Button>
        ) : undefined
      }
    >
      {isBuilding
        ? 'Its apps and ports appear here once it runs.'
        : 'Apps and ports are there while the workspace runs.'}
    </EmptyState>
  )
}
