import { lazy, Suspense } from 'react'
import type { Workspace } from '#bridge/contract/workspaces'
import {
  AppsCard,
  useWorkspaceCommands,
  workspaceActions,
  workspaceState,
} from '../features/workspaces/index.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { BoxIcon, PlayIcon } from '../ui/icons.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'

const WorkspacePorts = lazy(async () => ({
  default: (await import('../features/tunnels/workspace-ports.tsx')).WorkspacePorts,
}))

export interface ChatAppsPanelProps {
  readonly deploymentId: string
  readonly workspace: Workspace
}

/** The apps of a chat's workspace and what listens in it, as on the workspace's own page. */
export function ChatAppsPanel({ deploymentId, workspace }: ChatAppsPanelProps) {
  const commands = useWorkspaceCommands(deploymentId)
  const { canStart, isBuilding } = workspaceActions(workspace)
  if (workspace.latest_build.status !== 'running') {
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
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-3">
      <AppsCard deploymentId={deploymentId} workspace={workspace} />
      <Suspense fallback={<SkeletonRows rows={2} label="Loading" />}>
        <WorkspacePorts deploymentId={deploymentId} workspace={workspace} />
      </Suspense>
    </div>
  )
}
