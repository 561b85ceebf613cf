import type { Workspace } from '#bridge/contract/workspaces'
import { useChange } from '../../api/use-call.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import type { Output } from '../../api/procedure-types.ts'

export type HeaderGateway = Output<'headerGateway.watch'>['gateways'][number]

/** A workspace, and its gateway where one is switched on. */
export interface GatewayRowData {
  readonly workspaceId: string
  /** `undefined`: it is not among the user's workspaces, e.g. since it was deleted or belongs to somebody else. */
  readonly name: string | undefined
  readonly gateway: HeaderGateway | undefined
}

export interface HeaderGatewaysView {
  /** `undefined` while it is loading. */
  readonly rows: readonly GatewayRowData[] | undefined
  readonly error: Error | undefined
  readonly retry: () => void
}

/** The user's workspaces that run, and those with a gateway to this server whatever they do or where they are. By name. */
export function useHeaderGateways(deploymentId: string, serverId: string): HeaderGatewaysView {
  const workspaces = useSubscription('workspaces.watchList', { deploymentId, q: 'owner:me' })
  const gateways = useSubscription('headerGateway.watch', { deploymentId, serverId })
  return {
    rows:
      workspaces.data === undefined || gateways.data === undefined
        ? undefined
        : rowsOf(workspaces.data.workspaces, gateways.data.gateways),
    error: workspaces.error ?? gateways.error,
    retry() {
      workspaces.retry()
      gateways.retry()
    },
  }
}

/** What the user can do with gateways. */
export function useGatewayChanges() {
  return {
    set: useChange('headerGateway.set'),
    retry: useChange('headerGateway.retry'),
    copy: useChange('headerGateway.copyConfig'),
    allow: useChange('mcpServers.confirmAddress'),
  }
}

function rowsOf(
  workspaces: readonly Workspace[],
  gateways: readonly HeaderGateway[],
): readonly GatewayRowData[] {
  const gatewayOf = new Map(gateways.map((gateway) => [gateway.workspaceId, gateway]))
  const known = workspaces
    .filter(({ id, latest_build: { status } }) => gatewayOf.has(id) || runs.has(status))
    .toSorted((a, b) => a.name.localeCompare(b.name))
    .map(({ id, name }): GatewayRowData => ({ workspaceId: id, name, gateway: gatewayOf.get(id) }))
  const ids = new Set(workspaces.map(({ id }) => id))
  const others = gateways
    .filter(({ workspaceId }) => !ids.has(workspaceId))
    .map((gateway): GatewayRowData => ({ workspaceId: gateway.workspaceId, name: undefined, gateway }))
  return [...known, ...others]
}

const runs = new Set<string>(['running', 'starting'])
