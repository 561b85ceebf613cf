import type { Deployment } from '#ipc/deployments'
import { useSubscription } from '../../api/use-subscription.ts'
import { Button } from '../../ui/button.tsx'
import { Menu } from '../../ui/menu.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { workspaceState } from '../workspaces/index.ts'
import { useWorkspaceItems } from './use-workspace-items.tsx'

export interface WorkspaceChipProps {
  readonly deployment: Deployment
  readonly workspaceId: string
  /** Of somebody else's chat its readers need not see the workspace, which says nothing of its being there. */
  readonly isMine: boolean
  /** Shows apps and ports beside the conversation; left out where there is no such place. */
  readonly onShowPorts: (() => void) | undefined
  /** Left out for chats of others. */
  readonly onDetach: (() => void) | undefined
}

/** The workspace of a chat: its state, and the ways into it. */
export function WorkspaceChip({
  deployment,
  workspaceId,
  isMine,
  onShowPorts,
  onDetach,
}: WorkspaceChipProps) {
  const { data: workspace, status } = useSubscription('workspaces.watch', {
    deploymentId: deployment.id,
    workspaceId,
  })
  const itemsOf = useWorkspaceItems({ deployment, onShowPorts, onDetach })
  if (!workspace) {
    return isMine && (status === 'failed' || status === 'done') ? (
      <span className="cut text-sm text-fg-3">The workspace is gone</span>
    ) : null
  }
  const state = workspaceState(workspace)
  return (
    <Menu
      items={itemsOf(workspace)}
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
