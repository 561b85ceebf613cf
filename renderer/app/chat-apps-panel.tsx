import { lazy, Suspense } from 'react'
import type { Workspace } from '#bridge/contract/workspaces'
import { useRead } from '../api/use-call.ts'
import type { PanelApps } from '../features/chats/panel/panel-slots.ts'
import { AppsCard } from '../features/workspaces/index.ts'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { WorkspaceNotRunning } from './workspace-not-running.tsx'

const WorkspacePorts = lazy(async () => ({
  default: (await import('../features/tunnels/workspace-ports.tsx')).WorkspacePorts,
}))

export interface ChatAppsPanelProps {
  readonly deploymentId: string
  readonly workspace: Workspace
  /** Gives an app a tab beside this one; left out, apps open in the browser. */
  readonly apps?: PanelApps | undefined
}

/** The apps of a chat's workspace and what listens in it, as on the workspace's own page. */
export function ChatAppsPanel({ deploymentId, workspace, apps }: ChatAppsPanelProps) {
  const { data } = useRead('appPreview.support', { deploymentId })
  if (workspace.latest_build.status !== 'running')
    return <WorkspaceNotRunning deploymentId={deploymentId} workspace={workspace} />
  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-3">
      <AppsCard
        deploymentId={deploymentId}
        workspace={workspace}
        onShow={
          apps && data?.isPossible === true
            ? ({ agent, app, name }) => apps.show({ agent: agent.name, slug: app.slug, name })
            : undefined
        }
      />
      <Suspense fallback={<SkeletonRows rows={2} label="Loading" />}>
        <WorkspacePorts deploymentId={deploymentId} workspace={workspace} />
      </Suspense>
    </div>
  )
}
