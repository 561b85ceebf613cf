import { workspaceSshRoutes } from '../../contract/workspace-ssh.ts'
import type { Clock } from '../../lib/clock.ts'
import type { AgentLinks } from '../agents/agent-links.ts'
import { ApiError, notFound } from '../api-error.ts'
import type { AgentRecords } from '../services/agent-records.ts'
import { createActivityMeter } from '../services/activity-meter.ts'
import { bridgeStream } from '../ws/bridge-stream.ts'
import { bound } from './bind-routes.ts'
import { mayEnter } from './find-agent.ts'

export interface WorkspaceSshDeps {
  readonly records: AgentRecords
  readonly links: AgentLinks
  readonly clock: Clock
  /** Somebody works in the workspace. */
  readonly recordActivity?: (workspaceId: string) => void
}

export function workspaceSshHandlers({ records, links, clock, recordActivity }: WorkspaceSshDeps) {
  return bound(workspaceSshRoutes, {
    connect({ params, actor }) {
      const place = records.place(params.workspaceagent)
      // Whoever may not enter is told the same as for a workspace that is not there, as by Coder's `coordinate`.
      if (!place || !mayEnter(place, actor, 'ssh')) throw notFound()
      const agentId = place.agent.id
      if (!records.isOfLatestBuild(agentId)) {
        throw notConnected('workspace', 'The workspace was stopped or started anew.')
      }
      if (!links.isLinked(agentId)) {
        throw notConnected('agent', 'The agent of the workspace is not connected.')
      }
      return (socket) => {
        // Bytes either way count as work, a connection that is merely open does not.
        const onBytes = createActivityMeter(clock, () => recordActivity?.(place.workspaceId))
        bridgeStream(socket, () => links.openSsh(agentId), onBytes)
      }
    },
  })
}

function notConnected(field: 'workspace' | 'agent', message: string): ApiError {
  return new ApiError(409, { message, validations: [{ field, detail: 'not connected' }] })
}
