import { useState } from 'react'
import type { Deployment } from '#ipc/deployments'
import { errorWords } from '../../api/error-words.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import { Button, TextButton } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorState } from '../../ui/error-state.tsx'
import { PlusIcon, UnplugIcon } from '../../ui/icons.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { useDeployments } from '../deployments/index.ts'
import { useWindowActions } from '../window/index.ts'
import type { TunnelView } from './tunnel-end.ts'
import { TunnelRow } from './tunnel-row.tsx'
import { TunnelSheet } from './tunnel-sheet.tsx'
import { useTunnels } from './use-tunnels.ts'

/** All tunnels of all deployments, by workspace. */
export function TunnelsPage({ deployment }: { readonly deployment: Deployment }) {
  const tunnels = useTunnels()
  const workspaces = useSubscription('workspaces.watchList', { deploymentId: deployment.id, q: 'owner:me' })
  const [sheet, setSheet] = useState<{ readonly edited: TunnelView | undefined } | undefined>()
  const all = tunnels.data?.tunnels
  const add = (): void => setSheet({ edited: undefined })
  const openCount = (all ?? []).filter(({ connection }) => connection.kind === 'open').length
  return (
    <>
      <PageHeader
        title="Tunnels"
        count={all?.length}
        meta={all && all.length > 0 ? <span className="text-fg-3">{openCount} open</span> : undefined}
        actions={
          <Button variant="primary" icon={<PlusIcon />} onClick={add}>
            Add tunnel
          </Button>
        }
      />
      <div className="min-h-0 flex-1 overflow-auto border-t border-line">
        {tunnels.error ? (
          <ErrorState
            className="m-5"
            title="The tunnels cannot be shown"
            details={errorWords(tunnels.error).detail}
            actions={<Button onClick={tunnels.retry}>Try again</Button>}
          >
            {errorWords(tunnels.error).message}
          </ErrorState>
        ) : all === undefined ? (
          <SkeletonRows rows={5} label="Loading the tunnels" />
        ) : all.length === 0 ? (
          <NoTunnels onAdd={add} />
        ) : (
          <Groups tunnels={all} onEdit={(edited) => setSheet({ edited })} />
        )}
      </div>
      <TunnelSheet
        open={sheet !== undefined}
        onOpenChange={(open) => {
          if (!open) setSheet(undefined)
        }}
        deploymentId={sheet?.edited?.deploymentId ?? deployment.id}
        workspaces={workspaces.data?.workspaces ?? []}
        edited={sheet?.edited}
      />
    </>
  )
}

function NoTunnels({ onAdd }: { readonly onAdd: () => void }) {
  return (
    <EmptyState
      icon={<UnplugIcon />}
      title="No tunnels yet"
      actions={
        <Button variant="primary" icon={<PlusIcon />} onClick={onAdd}>
          Add tunnel
        </Button>
      }
      footnote="What listens in a workspace is on its page, to be opened with one click."
    >
      A tunnel brings a port of a workspace to this computer, or the other way round. It opens with Outpost
      and keeps its port.
    </EmptyState>
  )
}

interface GroupsProps {
  readonly tunnels: readonly TunnelView[]
  readonly onEdit: (tunnel: TunnelView) => void
}

function Groups({ tunnels, onEdit }: GroupsProps) {
  const actions = useWindowActions()
  const { deployments } = useDeployments()
  return (
    <div className="flex flex-col gap-4 p-5">
      {groupsOf(tunnels).map(([key, [first, ...rest]]) =>
        first === undefined ? null : (
          <Card
            key={key}
            flush
            title={
              <TextButton onClick={() => actions.goToWorkspace(first.deploymentId, first.workspaceId)}>
                {first.workspaceName}
              </TextButton>
            }
            meta={
              deployments.length > 1
                ? deployments.find(({ id }) => id === first.deploymentId)?.name
                : undefined
            }
          >
            {[first, ...rest].map((tunnel) => (
              <TunnelRow key={tunnel.id} tunnel={tunnel} onEdit={onEdit} />
            ))}
          </Card>
        ),
      )}
    </div>
  )
}

/** Those of a workspace together, by its name. */
function groupsOf(tunnels: readonly TunnelView[]): [key: string, tunnels: TunnelView[]][] {
  const groups = new Map<string, TunnelView[]>()
  for (const tunnel of tunnels.toSorted((a, b) => a.workspaceName.localeCompare(b.workspaceName))) {
    const key = `${tunnel.deploymentId}/${tunnel.workspaceId}`
    groups.set(key, [...(groups.get(key) ?? []), tunnel])
  }
  return [...groups]
}
