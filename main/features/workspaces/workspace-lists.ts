/** The live lists somebody looks at, each once however many look: windows and the tray share them. */
import type { Clock } from '#bridge/lib/clock'
import type { LiveValue } from '../../lib/live-value.ts'
import { createSharedPool } from '../../lib/shared-pool.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import { WorkspaceList, type WorkspaceListState } from './workspace-list.ts'

export interface OpenList {
  readonly state: LiveValue<WorkspaceListState>
  release(): void
}

export interface WorkspaceLists {
  open(deploymentId: string, connection: DeploymentConnection, q: string): OpenList
  /** Something of this deployment was just changed here: ask now. */
  refresh(deploymentId: string): void
  close(): void
}

/** Makes the pool. */
export function createWorkspaceLists(deps: { clock: Clock; visible: LiveValue<boolean> }): WorkspaceLists {
  const pool = createSharedPool<WorkspaceList>()
  const idOf = new WeakMap<WorkspaceList, string>()
  return {
    open(deploymentId, connection, q) {
      const { value, release } = pool.take(JSON.stringify([deploymentId, q]), () => {
        const list = new WorkspaceList({ connection, q, ...deps })
        idOf.set(list, deploymentId)
        return list
      })
      return { state: value.state, release }
    },
    refresh(deploymentId) {
      for (const list of pool.values()) if (idOf.get(list) === deploymentId) list.refresh()
    },
    close: pool.close,
  }
}
