import type { Workspace } from '#bridge/contract/workspaces'
import { defaultAgent, useWorkspaceCommands, workspaceActions } from '../workspaces/index.ts'
import { DesktopView } from './desktop-view.tsx'

export interface WorkspaceDesktopProps {
  readonly deploymentId: string
  readonly chatId: string
  /** The chat's, live. */
  readonly workspace: Workspace
}

/** The desktop of a chat's workspace, which can be started from here. Needs a Suspense above it. */
export function WorkspaceDesktop({ deploymentId, chatId, workspace }: WorkspaceDesktopProps) {
  const commands = useWorkspaceCommands(deploymentId)
  const { canStart } = workspaceActions(workspace)
  return (
    <DesktopView
      deploymentId={deploymentId}
      chatId={chatId}
      readiness={readinessOf(workspace)}
      onStart={canStart ? () => void commands.start(workspace) : undefined}
    />
  )
}

function readinessOf(workspace: Workspace): string {
  const agent = defaultAgent(workspace)
  return `${workspace.latest_build.id} ${agent?.id ?? ''} ${agent?.status ?? ''}`
}
