import type { z } from 'zod'
import { parseLogMessage } from '../contract/log-follow.ts'
import { provisionerJobLogSchema } from '../contract/provisioner-jobs.ts'
import type { ProvisionerJobLog } from '../contract/provisioner-jobs.ts'
import { templateVersionsRoutes } from '../contract/template-versions.ts'
import { workspaceAgentLogSchema, workspaceAgentsRoutes } from '../contract/workspace-agents.ts'
import type { WorkspaceAgentLog } from '../contract/workspace-agents.ts'
import { workspaceBuildsRoutes } from '../contract/workspace-builds.ts'
import { silentLogger } from '../lib/logger.ts'
import { holdsTooMuch } from './answer-size.ts'
import type { CoderClient, SocketTarget } from './coder-client.ts'
import type { ReconnectingConnection, ReconnectingConnectionOptions } from './reconnecting-connection.ts'
import { createReconnectingSocket } from './reconnecting-socket.ts'

export interface FollowLogsOptions<Row> extends Omit<ReconnectingConnectionOptions, 'open'> {
  readonly client: CoderClient
  /** Rows up to and with this id are known already. */
  readonly after?: number
  /** New rows in order, each once, also over reconnects. */
  readonly onRows: (rows: readonly Row[]) => void
  /** Ends the following. */
  readonly signal?: AbortSignal
}

/**
 * Follows a build's log from `after` on. Ends in the state `stopped` with `finished` when the job has ended; its result
 * is not in the log, so read the build again.
 */
export function followBuildLogs(
  buildId: string,
  options: FollowLogsOptions<ProvisionerJobLog>,
): ReconnectingConnection {
  return follow(options, provisionerJobLogSchema, (after) =>
    options.client.socket(workspaceBuildsRoutes.followLogs, {
      params: { workspacebuild: buildId },
      query: { follow: 'true', after },
    }),
  )
}

/** Follows the log of a template version's import, as {@link followBuildLogs} does a build's. */
export function followTemplateVersionLogs(
  versionId: string,
  options: FollowLogsOptions<ProvisionerJobLog>,
): ReconnectingConnection {
  return follow(options, provisionerJobLogSchema, (after) =>
    options.client.socket(templateVersionsRoutes.followLogs, {
      params: { templateversion: versionId },
      query: { follow: 'true', after },
    }),
  )
}

/** Follows what an agent's scripts say. Ends once the agent is no longer part of the latest build. */
export function followAgentLogs(
  agentId: string,
  options: FollowLogsOptions<WorkspaceAgentLog>,
): ReconnectingConnection {
  return follow(options, workspaceAgentLogSchema, (after) =>
    options.client.socket(workspaceAgentsRoutes.followLogs, {
      params: { workspaceagent: agentId },
      query: { follow: 'true', after, no_compression: 'true' },
    }),
  )
}

function follow<S extends z.ZodType<{ readonly id: number }>>(
  options: FollowLogsOptions<z.output<S>>,
  schema: S,
  target: (after: number) => SocketTarget,
): ReconnectingConnection {
  const { logger = silentLogger, signal } = options
  let last = options.after ?? 0
  const socket = createReconnectingSocket({
    ...options,
    target: () => target(last),
    onMessage: (data) => {
      if (holdsTooMuch(data)) {
        logger.warn('A log message is larger than any log')
        return
      }
      let rows: z.output<S>[]
      try {
        rows = parseLogMessage(data.toString('utf8'), schema)
      } catch (thrown) {
        logger.warn('A log message could not be read', { error: thrown })
        return
      }
      // Rows committed out of order, or sent again after a reconnect, are known already.
      const fresh = rows.filter((row) => {
        if (row.id <= last) return false
        last = row.id
        return true
      })
      if (fresh.length > 0) options.onRows(fresh)
    },
  })
  const close = () => {
    signal?.removeEventListener('abort', close)
    socket.close()
  }
  if (signal?.aborted !== true) {
    signal?.addEventListener('abort', close, { once: true })
    socket.start()
  }
  return {
    get state() {
      return socket.state
    },
    start: socket.start,
    retryNow: socket.retryNow,
    hint: socket.hint,
    close,
  }
}
