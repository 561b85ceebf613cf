import type { Workspace } from '#bridge/contract/workspaces'
import { useWorkspaceCommands, workspaceActions } from '../workspaces/index.ts'
import { useWindowActions } from '../window/index.ts'
import { DesktopView } from './desktop-view.tsx'
import { readinessOf } from './readiness.ts'
import { useShowOwnWindow } from './use-own-window.ts'

export interface WorkspaceDesktopProps {
  readonly deploymentId: string
  readonly chatId: string
  /** The chat's, live. */
  readonly workspace: Workspace
}

/** The desktop of a chat's workspace, which can be started from here. Needs a Suspense above it. */
export function WorkspaceDesktop({ deploymentId, chatId, workspace }: WorkspaceDesktopProps) {
  const commands = useWorkspaceCommands(deploymentId)
  const actions = useWindowActions()
  const showOwnWindow = useShowOwnWindow({ deploymentId, chatId })
  const { canStart } = workspaceActions(workspace)
  return (
    <DesktopView
      deploymentId={deploymentId}
      chatId={chatId}
      workspaceId={workspace.id}
      readiness={readinessOf(workspace)}
      onStart={canStart ? () => void commands.start(workspace) : undefined}
      onSignIn={() => actions.askSignIn(deploymentId)}
      onOwnWindow={showOwnWindow}
    />
  )
}
