import { workspaceWatchesRoutes } from '../../contract/workspace-watches.ts'
import type { Logger } from '../../lib/logger.ts'
import { forbidden } from '../api-error.ts'
import { mayAct } from '../services/authorization.ts'
import type { Topics } from '../services/topics.ts'
import type { WorkspaceBuilds } from '../services/workspace-builds.ts'
import type { Workspaces } from '../services/workspaces.ts'
import { watchBuilds } from '../ws/watch-builds.ts'
import { watchConnection } from '../ws/watch-connection.ts'
import { bound } from './bind-routes.ts'
import { requireLiving } from './require-living.ts'

export interface WorkspaceWatchDeps {
  readonly workspaces: Workspaces
  readonly builds: WorkspaceBuilds
  readonly topics: Topics
  readonly logger: Logger
}

/** Streams that say less than the whole workspace. */
export function workspaceWatchHandlers({ workspaces, builds, topics, logger }: WorkspaceWatchDeps) {
  return bound(workspaceWatchesRoutes, {
    connection({ params, query, actor }) {
      const { id } = requireLiving(workspaces.find(params.workspace, actor))
      return (socket) =>
        watchConnection(socket, {
          topic: topics.workspace,
          workspaceId: id,
          agentName: query.agent_name,
          read: () => workspaces.toWire(workspaces.find(id, actor), actor.user.id),
          logFailure: (error) =>
            logger.error('A connection watch could not read its workspace', { error: String(error) }),
        })
    },
    allBuilds({ actor }) {
      const readsAll = mayAct(actor, 'read', { type: 'workspace' })
      if (!readsAll) throw forbidden()
      return (socket) => watchBuilds(socket, topics.builds, (buildId) => builds.update(buildId))
    },
  })
}
