import { useState } from 'react'
import type { WorkspaceAgent } from '#bridge/contract/workspace-agents'
import type { Workspace } from '#bridge/contract/workspaces'
import { errorWords } from '../../api/error-words.ts'
import { useChange } from '../../api/use-call.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import { plainText } from '../../lib/plain-text.ts'
import { Button } from '../../ui/button.tsx'
import { Card, CardRow } from '../../ui/card.tsx'
import { ExternalLinkIcon, PlusIcon } from '../../ui/icons.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { agentsOf, isUsable } from '../workspaces/index.ts'
import type { TunnelView } from './tunnel-end.ts'
import { TunnelRow } from './tunnel-row.tsx'
import { TunnelSheet } from './tunnel-sheet.tsx'
import { onTunnelError, useTunnels } from './use-tunnels.ts'

export interface WorkspacePortsProps {
  readonly deploymentId: string
  readonly workspace: Workspace
}

/** What listens in a workspace, each a click away, and its tunnels. */
export function WorkspacePorts({ deploymentId, workspace }: WorkspacePortsProps) {
  const { data } = useTunnels()
  const [sheet, setSheet] = useState<{ readonly edited: TunnelView | undefined } | undefined>()
  const own = (data?.tunnels ?? []).filter(
    (tunnel) => tunnel.deploymentId === deploymentId && tunnel.workspaceId === workspace.id,
  )
  const agents = agentsOf(workspace.latest_build).filter(isUsable)
  const isOnly = agentsOf(workspace.latest_build).length === 1
  return (
    <Card
      title="Ports"
      meta="What listens in the workspace, and its tunnels"
      flush
      actions={
        <Button size="sm" variant="ghost" icon={<PlusIcon />} onClick={() => setSheet({ edited: undefined })}>
          Add tunnel
        </Button>
      }
    >
      {own.map((tunnel) => (
        <TunnelRow key={tunnel.id} tunnel={tunnel} onEdit={(edited) => setSheet({ edited })} />
      ))}
      {agents.length === 0 ? (
        <CardRow className="text-fg-3">What listens is found while the workspace runs.</CardRow>
      ) : (
        agents.map((agent) => (
          <AgentPorts
            key={agent.id}
            deploymentId={deploymentId}
            workspace={workspace}
            agent={agent}
            agentName={isOnly ? null : agent.name}
            own={own}
          />
        ))
      )}
      <TunnelSheet
        open={sheet !== undefined}
        onOpenChange={(open) => {
          if (!open) setSheet(undefined)
        }}
        deploymentId={deploymentId}
        workspaces={[workspace]}
        edited={sheet?.edited}
      />
    </Card>
  )
}

interface AgentPortsProps extends WorkspacePortsProps {
  readonly agent: WorkspaceAgent
  /** `null`: it is the only one. */
  readonly agentName: string | null
  readonly own: readonly TunnelView[]
}

function AgentPorts({ deploymentId, workspace, agent, agentName, own }: AgentPortsProps) {
  const { data, error, retry } = useSubscription('tunnels.watchPorts', { deploymentId, agentId: agent.id })
  if (error) {
    return (
      <CardRow>
        <p role="alert" className="min-w-0 flex-1 text-fg-2">
          {errorWords(error).message}
        </p>
        <Button size="sm" onClick={retry}>
          Try again
        </Button>
      </CardRow>
    )
  }
  if (data === undefined) return <SkeletonRows rows={1} label="Looking for ports" />
  const tunnelled = new Set(own.flatMap(portsOf))
  const ports = data.ports.filter(({ port }) => !tunnelled.has(`${agentName ?? ''}/${port}`))
  if (ports.length === 0) {
    return data.ports.length > 0 ? null : (
      <CardRow className="text-fg-3">
        Nothing listens{agentName === null ? '' : ` on ${agentName}`}. Start a server in the workspace, and it
        appears here.
      </CardRow>
    )
  }
  return ports.map(({ port, processName }) => (
    <PortRow
      key={port}
      deploymentId={deploymentId}
      workspace={workspace}
      agentName={agentName}
      port={port}
      processName={processName}
    />
  ))
}

function portsOf({ draft }: TunnelView): string[] {
  if (draft.kind !== 'local' || draft.target?.kind !== 'tcp') return []
  return [`${draft.agentName ?? ''}/${draft.target.port}`]
}

interface PortRowProps extends WorkspacePortsProps {
  readonly agentName: string | null
  readonly port: number
  readonly processName: string
}

function PortRow({ deploymentId, workspace, agentName, port, processName }: PortRowProps) {
  const open = useChange('tunnels.openPort')
  const place = { deploymentId, workspaceId: workspace.id, workspaceName: workspace.name }
  return (
    <CardRow>
      <span className="num w-16 flex-none font-medium copyable">{port}</span>
      <span className="cut min-w-0 flex-1 text-fg-2 copyable">
        {processName === '' ? 'A program' : plainText(processName, 60)}
        {agentName === null ? '' : ` on ${agentName}`}
      </span>
      <Button
        size="sm"
        icon={<ExternalLinkIcon />}
        loading={open.isPending}
        aria-label={`Open port ${port} in the browser`}
        onClick={() => open.mutate({ ...place, agentName, port }, { onError: onTunnelError })}
      >
        Open
      </Button>
    </CardRow>
  )
}
