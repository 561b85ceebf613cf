import type { Workspace } from '#bridge/contract/workspaces'
import { AppPreview } from '../features/app-preview/index.ts'
import type { PanelApp, PanelApps } from '../features/chats/panel/panel-slots.ts'
import { agentsOf, isUsable, shownApps, useOpenApp } from '../features/workspaces/index.ts'
import { plainText } from '../lib/plain-text.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { AppWindowIcon } from '../ui/icons.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { WorkspaceNotRunning } from './workspace-not-running.tsx'

export interface ChatAppPageProps {
  readonly deploymentId: string
  readonly workspace: Workspace
  readonly app: PanelApp
  readonly apps: PanelApps
}

/** The page of one app beside a chat, or why there is none now. */
export function ChatAppPage({ deploymentId, workspace, app, apps }: ChatAppPageProps) {
  const { open } = useOpenApp(deploymentId)
  const name = plainText(app.name, 60)
  if (workspace.latest_build.status !== 'running')
    return <WorkspaceNotRunning deploymentId={deploymentId} workspace={workspace} />
  const agent = agentsOf(workspace.latest_build).find((one) => one.name === app.agent)
  if (agent !== undefined && !isUsable(agent)) return <SkeletonRows rows={4} label={`Waiting for ${name}`} />
  const shown = shownApps(workspace).find((one) => one.agent === agent && one.app.slug === app.slug)
  if (shown?.opens !== 'page') {
    return (
      <EmptyState
        icon={<AppWindowIcon />}
        title={`${name} is not there any more`}
        actions={<Button onClick={() => apps.close(app)}>Close the tab</Button>}
      >
        The workspace has no such app now.
      </EmptyState>
    )
  }
  const target = { deploymentId, workspaceId: workspace.id, agentId: shown.agent.id, slug: app.slug }
  return (
    <AppPreview
      key={JSON.stringify(target)}
      target={target}
      name={name}
      onOpenInBrowser={() => open(workspace, shown)}
      onClose={() => apps.close(app)}
    />
  )
}
