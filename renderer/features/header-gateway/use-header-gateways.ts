import type { Workspace } from '#bridge/contract/workspaces'
import { useChange } from '../../api/use-call.ts'
import { useSubscription } from '../../api/use-subscription.ts'
import type { Output } from '../../api/procedure-types.ts'

export type HeaderGateway = Output<'headerGateway.watch'>['gateways'][number]

/** A workspace, and its gateway where one is switched on. */
export interface GatewayRowData {
  readonly workspace: Workspace
  readonly gateway: HeaderGateway | undefined
}

export interface HeaderGatewaysView {
  /** `undefined` while it is loading. */
  readonly rows: readonly GatewayRowData[] | undefined
  readonly error: Error | undefined
  readonly retry: () => void
}

/** The user's workspaces that run, and those with a gateway to this server whatever they do. By name. */
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
  }
}

function rowsOf(
  workspaces: readonly Workspace[],
  gateways: readonly HeaderGateway[],
): readonly GatewayRowData[] {
  return workspaces
    .map((workspace) => ({
      workspace,
      gateway: gateways.find(({ workspaceId }) => workspaceId === workspace.id),
    }))
    .filter(({ workspace, gateway }) => gateway !== undefined || runs.has(workspace.latest_build.status))
    .toSorted((a, b) => a.workspace.name.localeCompare(b.workspace.name))
}

const runs = new Set<string>(['running', 'starting'])
