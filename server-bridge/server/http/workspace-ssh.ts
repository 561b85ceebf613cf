import { workspaceSshRoutes } from '../../contract/workspace-ssh.ts'
import type { Clock } from '../../lib/clock.ts'
import type { AgentLinks } from '../agents/agent-links.ts'
import { ApiError, notFound } from '../api-error.ts'
import type { AgentRecords } from '../services/agent-records.ts'
import { bridgeSsh } from '../ws/bridge-ssh.ts'
import { bound } from './bind-routes.ts'
import { mayEnter } from './find-agent.ts'

/** Coder's CLI reports use once a minute while a connection is open; more often would tell nothing new. */
const ACTIVITY_MS = 60_000

export interface WorkspaceSshDeps {
  readonly records: AgentRecords
  readonly links: AgentLinks
  readonly clock: Clock
  /** Somebody works in the workspace. */
  readonly recordActivity?: (workspaceId: string) => void
}

export function workspaceSshHandlers({ records, links, clock, recordActivity }: WorkspaceSshDeps) {
  /** Bytes either way count as work, a connection that is merely open does not. */
  const createActivityMeter = (workspaceId: string): (() => void) => {
    let nextAt = 0
    return () => {
      if (clock.now() < nextAt) return
      nextAt = clock.now() + ACTIVITY_MS
      recordActivity?.(workspaceId)
    }
  }

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
        bridgeSsh(socket, () => links.openSsh(agentId), createActivityMeter(place.workspaceId))
      }
    },
  })
}

function notConnected(field: 'workspace' | 'agent', message: string): ApiError {
  return new ApiError(409, { message, validations: [{ field, detail: 'not connected' }] })
}
