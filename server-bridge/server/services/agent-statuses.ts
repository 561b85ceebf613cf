import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import { agentStatusAt } from './agent-status.ts'
import { groupBy } from './group-by.ts'

/** The states of a job's agents, without anything else of them. */
export type AgentStatuses = (jobIds: readonly string[]) => Map<string, string[]>

/** @param lastHeard when the agent was last heard, if it is linked now. */
export function createAgentStatuses(
  db: Database,
  clock: Clock,
  lastHeard: (agentId: string) => number | undefined,
): AgentStatuses {
  return (jobIds) => {
    const rows = db.all(
      db.sql
        .selectFrom('workspace_agents')
        .innerJoin('workspace_resources', 'workspace_resources.id', 'workspace_agents.resource_id')
        .select([
          'workspace_resources.job_id',
          'workspace_agents.id',
          'workspace_agents.created_at',
          'workspace_agents.first_connected_at',
          'workspace_agents.last_connected_at',
          'workspace_agents.disconnected_at',
          'workspace_agents.connection_timeout_seconds',
        ])
        .where('workspace_resources.job_id', 'in', [...jobIds]),
    )
    const now = clock.now()
    const statuses = new Map<string, string[]>()
    for (const [jobId, agents] of groupBy(rows, (row) => row.job_id)) {
      statuses.set(
        jobId,
        agents.map((agent) => {
          const heardAt = lastHeard(agent.id)
          return agentStatusAt(now, {
            createdAt: agent.created_at,
            firstConnectedAt: agent.first_connected_at,
            lastConnectedAt: heardAt ?? agent.last_connected_at,
            disconnectedAt: heardAt === undefined ? agent.disconnected_at : null,
            connectionTimeoutSeconds: agent.connection_timeout_seconds,
          })
        }),
      )
    }
    return statuses
  }
}
