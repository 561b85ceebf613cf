import type { Deployment } from '#ipc/deployments'
import { useSubscription } from '../../api/use-subscription.ts'
import { Button } from '../../ui/button.tsx'
import { BoxIcon, FolderIcon, TerminalIcon, UnplugIcon } from '../../ui/icons.tsx'
import { Menu } from '../../ui/menu.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { useWindowActions } from '../window/index.ts'
import { defaultAgent, isUsable, workspaceState } from '../workspaces/index.ts'

export interface WorkspaceChipProps {
  readonly deployment: Deployment
  readonly workspaceId: string
  /** Of somebody else's chat its readers need not see the workspace, which says nothing of its being there. */
  readonly isMine: boolean
  /** Left out for chats of others. */
  readonly onDetach: (() => void) | undefined
}

/** The workspace of a chat: its state, and the ways into it. */
export function WorkspaceChip({ deployment, workspaceId, isMine, onDetach }: WorkspaceChipProps) {
  const actions = useWindowActions()
  const { data: workspace, status } = useSubscription('workspaces.watch', {
    deploymentId: deployment.id,
    workspaceId,
  })
  if (!workspace) {
    return isMine && (status === 'failed' || status === 'done') ? (
      <span className="cut text-sm text-fg-3">The workspace is gone</span>
    ) : null
  }
  const state = workspaceState(workspace)
  const agent = defaultAgent(workspace)
  const hasShell = agent !== undefined && isUsable(agent)
  return (
    <Menu
      items={[
        { kind: 'heading', label: state.label },
        {
          label: 'Open the workspace',
          icon: <BoxIcon />,
          onSelect: () => actions.goToWorkspace(deployment.id, workspaceId),
        },
        {
          label: 'Open a terminal',
          icon: <TerminalIcon />,
          disabled: !hasShell,
          onSelect: () => actions.openTerminal(deployment.id, workspace),
        },
        {
          label: 'Show its files',
          icon: <FolderIcon />,
          disabled: !hasShell,
          onSelect: () => actions.goToWorkspace(deployment.id, workspaceId, 'files'),
        },
        ...(onDetach === undefined
          ? []
          : [
              { kind: 'separator' as const },
              { label: 'Detach from the chat', icon: <UnplugIcon />, onSelect: onDetach },
            ]),
      ]}
      trigger={
        <Button
          size="sm"
          variant="ghost"
          className="min-w-0 shrink bg-idle-bg hc-edge"
          aria-label={`Workspace ${workspace.name}, ${state.label.toLowerCase()}`}
          icon={<StatusMark status={state.status} label={state.label} hideLabel />}
        >
          <span className="cut">{workspace.name}</span>
        </Button>
      }
    />
  )
}
