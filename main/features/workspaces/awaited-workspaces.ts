/** Notices when a workspace that something waits for can be entered, so that it opens without a delay. */
import { isAgentUsable } from '#bridge/contract/workspace-agents'
import type { Workspace } from '#bridge/contract/workspaces'
import type { DeploymentConnection } from '../deployments/connection.ts'
import type { OpenList, WorkspaceLists } from './workspace-lists.ts'

/** What waits, and for which workspace. */
export interface AwaitedPlace {
  readonly deploymentId: string
  readonly workspaceId: string
}

/** The list that the tray looks at as well, so this asks nothing more of the deployment. */
const mine = 'owner:me'

/** Begins to look; call the answer's `look` when what waits or the deployments may have changed. */
export function watchAwaitedWorkspaces<P extends AwaitedPlace>(deps: {
  readonly waiting: { readonly places: () => readonly P[]; readonly retry: (place: P) => void }
  readonly lists: Pick<WorkspaceLists, 'open'>
  /** `undefined`: not in the list any more. */
  readonly connection: (deploymentId: string) => DeploymentConnection | undefined
}): { look(): void; close(): void } {
  const { waiting } = deps
  const followed = new Map<string, { readonly list: OpenList; readonly stop: () => void }>()
  const usable = new Set<string>()

  const onList = (deploymentId: string, list: OpenList): void => {
    const state = list.state.get()
    if (state.kind !== 'loaded') return
    for (const workspace of state.answer.workspaces) {
      const key = `${deploymentId}/${workspace.id}`
      const isUsable = canBeEntered(workspace)
      const wasUsable = usable.has(key)
      if (!isUsable) usable.delete(key)
      else if (!wasUsable) {
        usable.add(key)
        for (const place of waiting.places())
          if (isAt(place, deploymentId, workspace.id)) waiting.retry(place)
      }
    }
  }

  const unfollow = (deploymentId: string): void => {
    const one = followed.get(deploymentId)
    one?.stop()
    one?.list.release()
    followed.delete(deploymentId)
  }

  return {
    look() {
      const wanted = new Set(waiting.places().map(({ deploymentId }) => deploymentId))
      for (const deploymentId of [...followed.keys()]) if (!wanted.has(deploymentId)) unfollow(deploymentId)
      for (const deploymentId of wanted) {
        const connection = deps.connection(deploymentId)
        if (connection === undefined || followed.has(deploymentId)) continue
        const list = deps.lists.open(deploymentId, connection, mine)
        followed.set(deploymentId, { list, stop: list.state.onChange(() => onList(deploymentId, list)) })
        onList(deploymentId, list)
      }
    },
    close() {
      for (const deploymentId of [...followed.keys()]) unfollow(deploymentId)
    },
  }
}

function isAt(place: AwaitedPlace, deploymentId: string, workspaceId: string): boolean {
  return place.deploymentId === deploymentId && place.workspaceId === workspaceId
}

function canBeEntered({ latest_build: { status, resources } }: Workspace): boolean {
  return status === 'running' && resources.some(({ agents }) => (agents ?? []).some(isAgentUsable))
}
