import { useState } from 'react'
import type { Deployment } from '#ipc/deployments'
import type { Workspace } from '#bridge/contract/workspaces'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { EllipsisIcon, LayersIcon, PlayIcon, SquareIcon, TerminalIcon, Trash2Icon } from '../../ui/icons.tsx'
import { Menu } from '../../ui/menu.tsx'
import { StatusMark, type Status } from '../../ui/status-mark.tsx'
import { Countdown } from '../../ui/time.tsx'
import type { Tone } from '../../ui/tone.ts'
import { useWindowActions } from '../window/index.ts'
import { CancelBuild } from './build-panel.tsx'
import { useWorkspaceCommands, type WorkspaceChange } from './use-workspace-commands.ts'
import { FavoriteButton } from './workspace-columns.tsx'
import { defaultAgent, isUsable, workspaceActions, workspaceState } from './workspace-state.ts'
import { stopPlan } from './workspace-times.ts'

const tones: Record<Status, Tone> = {
  running: 'ok',
  starting: 'busy',
  stopping: 'busy',
  stopped: 'neutral',
  failed: 'bad',
  pending: 'warn',
  deleting: 'gone',
  unhealthy: 'warn',
  waiting: 'accent',
  unknown: 'neutral',
}

interface HeaderProps {
  readonly deployment: Deployment
  readonly workspace: Workspace
}

/** Behind the name: star, state, what it will do by itself. */
export function WorkspaceHeaderMeta({ deployment, workspace }: HeaderProps) {
  const { setFavorite } = useWorkspaceCommands(deployment.id)
  const state = workspaceState(workspace)
  const plan = stopPlan(workspace)
  return (
    <>
      {workspace.owner_id === deployment.user?.id ? (
        <FavoriteButton
          focusable
          workspace={workspace}
          onFavorite={(target, favorite) => void setFavorite(target, favorite)}
        />
      ) : (
        <Badge>{workspace.owner_name}</Badge>
      )}
      <Badge tone={tones[state.status]}>
        <StatusMark {...state} />
      </Badge>
      {plan.kind === 'stops' ? (
        <Badge>
          Stops in <Countdown to={plan.at} />
        </Badge>
      ) : null}
      {workspace.outdated ? (
        <Badge tone="accent" title="A newer version of the template is active">
          Update available
        </Badge>
      ) : null}
    </>
  )
}

interface HeaderActionsProps extends HeaderProps {
  /** Left out where the terminals show already. */
  readonly offersTerminal: boolean
  readonly onDelete: () => void
}

/** At the right end: start or stop, terminal, and the rest. */
export function WorkspaceHeaderActions({
  deployment,
  workspace,
  offersTerminal,
  onDelete,
}: HeaderActionsProps) {
  const actions = useWindowActions()
  const { canDelete, canCancel } = workspaceActions(workspace)
  const agent = defaultAgent(workspace)
  const hasShell = agent !== undefined && isUsable(agent)
  return (
    <>
      {canCancel ? (
        <CancelBuild deploymentId={deployment.id} buildId={workspace.latest_build.id} />
      ) : (
        <StartStop deployment={deployment} workspace={workspace} hasShell={hasShell} />
      )}
      {hasShell && offersTerminal ? (
        <Button
          variant="primary"
          icon={<TerminalIcon />}
          onClick={() => actions.openTerminal(deployment.id, workspace)}
        >
          Open terminal
        </Button>
      ) : null}
      <Menu
        align="end"
        items={[
          {
            label: 'Show the template',
            icon: <LayersIcon />,
            onSelect: () => actions.goToTemplate(workspace.template_id),
          },
          { kind: 'separator' },
          { label: 'Delete…', icon: <Trash2Icon />, danger: true, disabled: !canDelete, onSelect: onDelete },
        ]}
        trigger={<IconButton label="More actions" icon={<EllipsisIcon />} />}
      />
    </>
  )
}

function StartStop({ deployment, workspace, hasShell }: HeaderProps & { readonly hasShell: boolean }) {
  const commands = useWorkspaceCommands(deployment.id)
  const [busy, setBusy] = useState<WorkspaceChange>()
  const { canStart, canStop } = workspaceActions(workspace)
  const run = (change: WorkspaceChange): void => {
    setBusy(change)
    void commands[change](workspace).finally(() => setBusy(undefined))
  }
  return (
    <>
      {canStop ? (
        <Button icon={<SquareIcon />} loading={busy === 'stop'} onClick={() => run('stop')}>
          Stop
        </Button>
      ) : null}
      {canStart ? (
        <Button
          variant={hasShell ? 'secondary' : 'primary'}
          icon={<PlayIcon />}
          loading={busy === 'start'}
          onClick={() => run('start')}
        >
          Start
        </Button>
      ) : null}
    </>
  )
}
