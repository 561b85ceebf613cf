/** The live lists somebody looks at, each once however many look: windows and the tray share them. */
import type { Clock } from '#bridge/lib/clock'
import type { LiveValue } from '../../lib/live-value.ts'
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

interface Shared {
  readonly deploymentId: string
  readonly list: WorkspaceList
  users: number
}

/** Makes the pool. */
export function createWorkspaceLists(deps: { clock: Clock; visible: LiveValue<boolean> }): WorkspaceLists {
  const shared = new Map<string, Shared>()
  return {
    open(deploymentId, connection, q) {
      const key = JSON.stringify([deploymentId, q])
      let entry = shared.get(key)
      if (entry === undefined) {
        entry = { deploymentId, list: new WorkspaceList({ connection, q, ...deps }), users: 0 }
        shared.set(key, entry)
        entry.list.start()
      }
      const mine = entry
      mine.users += 1
      let released = false
      return {
        state: mine.list.state,
        release() {
          if (released) return
          released = true
          mine.users -= 1
          if (mine.users > 0) return
          mine.list.close()
          if (shared.get(key) === mine) shared.delete(key)
        },
      }
    },
    refresh(deploymentId) {
      for (const entry of shared.values()) if (entry.deploymentId === deploymentId) entry.list.refresh()
    },
    close() {
      for (const { list } of shared.values()) list.close()
      shared.clear()
    },
  }
}
