import { useState } from 'react'
import type { Deployment } from '#ipc/deployments'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import {
  EllipsisIcon,
  GlobeIcon,
  LogInIcon,
  LogOutIcon,
  PencilIcon,
  PlusIcon,
  ServerIcon,
  TerminalIcon,
  Trash2Icon,
} from '../../ui/icons.tsx'
import { Menu } from '../../ui/menu.tsx'
import type { MenuItem } from '../../ui/menu-item.ts'
import { StatusMark } from '../../ui/status-mark.tsx'
import { CoderCliSheet } from '../coder-cli/index.ts'
import { useWindowActions } from '../window/index.ts'
import { deploymentState } from './deployment-words.ts'
import { RemoveDeploymentDialog } from './remove-deployment-dialog.tsx'
import { RenameForm } from './rename-form.tsx'
import { useSignOut } from './use-sign-out.ts'
import { useDeployments } from './use-deployments.ts'

/** Settings, Deployments: every server of the app, to rename, sign in to and remove. */
export function DeploymentsSettings() {
  const { deployments } = useDeployments()
  const actions = useWindowActions()
  return (
    <Card
      title="Deployments"
      meta="All of them stay connected at the same time"
      flush
      actions={
        <Button variant="ghost" icon={<PlusIcon />} onClick={actions.askAddDeployment}>
          Add deployment
        </Button>
      }
    >
      <ul>
        {deployments.map((deployment) => (
          <DeploymentRow key={deployment.id} deployment={deployment} />
        ))}
      </ul>
    </Card>
  )
}

function DeploymentRow({ deployment }: { readonly deployment: Deployment }) {
  const actions = useWindowActions()
  const [mode, setMode] = useState<'rest' | 'rename' | 'remove' | 'cli'>('rest')
  const signOut = useSignOut()
  const { status, label } = deploymentState(deployment.state)
  const isRemote = deployment.kind === 'remote'
  const items: MenuItem[] = [
    { label: 'Rename…', icon: <PencilIcon />, onSelect: () => setMode('rename') },
    ...(isRemote
      ? ([
          { label: 'Sign in again…', icon: <LogInIcon />, onSelect: () => actions.askSignIn(deployment.id) },
          ...(deployment.state.kind === 'signed_out'
            ? []
            : [{ label: 'Sign out', icon: <LogOutIcon />, onSelect: () => signOut(deployment) }]),
          { label: 'Network…', icon: <GlobeIcon />, onSelect: () => actions.askNetwork(deployment.id) },
          { label: 'Command line…', icon: <TerminalIcon />, onSelect: () => setMode('cli') },
          { kind: 'separator' },
          { label: 'Remove…', icon: <Trash2Icon />, danger: true, onSelect: () => setMode('remove') },
        ] as const)
      : []),
  ]
  return (
    <li className="flex min-h-14 items-center gap-3 border-line px-3.5 py-2 not-last:border-b">
      <ServerIcon className="text-fg-3" />
      {mode === 'rename' ? (
        <RenameForm deployment={deployment} onClose={() => setMode('rest')} />
      ) : (
        <>
          <div className="min-w-0 flex-1">
            <div className="flex items-center gap-2">
              <span className="cut font-medium copyable">{deployment.name}</span>
              {isRemote ? null : <Badge>Local</Badge>}
              {deployment.insecure ? <Badge tone="warn">Not encrypted</Badge> : null}
              {deployment.tooOld === null ? null : <Badge tone="warn">Too old</Badge>}
            </div>
            <div className="cut text-sm text-fg-3 copyable">
              {deployment.url}
              {deployment.version === null ? '' : ` · Coder ${deployment.version}`}
              {deployment.user === null ? '' : ` · ${deployment.user.username}`}
            </div>
          </div>
          <StatusMark status={status} label={label} />
          <Menu
            align="end"
            items={items}
            trigger={<IconButton label={`More for ${deployment.name}`} icon={<EllipsisIcon />} />}
          />
        </>
      )}
      <CoderCliSheet deployment={mode === 'cli' ? deployment : undefined} onClose={() => setMode('rest')} />
      <RemoveDeploymentDialog
        deployment={deployment}
        open={mode === 'remove'}
        onOpenChange={(open) => setMode(open ? 'remove' : 'rest')}
      />
    </li>
  )
}
