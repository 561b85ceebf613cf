import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Clock } from '../../lib/clock.ts'
import { ApiError } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import type { AgentRow } from './agent-view.ts'
import { hashSecret } from './secret-tokens.ts'
import type { Topics } from './topics.ts'

/** Where an agent stands: its workspace, and the build that made it. */
export interface AgentPlace {
  readonly agent: AgentRow
  readonly workspaceId: string
  readonly workspaceName: string
  readonly workspaceFolder: string
  readonly ownerId: string
  readonly ownerName: string
  readonly buildId: string
}

export interface AgentRecords {
  place(agentId: string): AgentPlace | undefined
  isOfLatestBuild(agentId: string): boolean
  /** Agents that should run now: those of workspaces whose last build started them. */
  wanted(): AgentPlace[]
  wantedOf(workspaceId: string): AgentPlace[]
  /** Gives the next process of an agent its token; earlier ones stop working. */
  mintToken(agentId: string): string
  setProcessId(agentId: string, processId: number | null): void
  /** The longest time limit of the agent's stop scripts in seconds; 0 when none has one. */
  longestStopSeconds(agentId: string): number
  /** @throws {ApiError} 401 unknown token, 410 for an agent that should not run any more. */
  authenticate(token: string | undefined): AgentPlace
  connected(place: AgentPlace): void
  disconnected(place: AgentPlace, lastHeardAt: number): void
  /** After a start nobody is connected, whatever the last run wrote before it ended. */
  disconnectAll(): void
}

/** The build that says what of `workspaces` should run: one that failed has changed nothing. */
const latestBuild = (db: Database) =>
  db.sql
    .selectFrom('workspace_builds as newest')
    .innerJoin('provisioner_jobs as newest_job', 'newest_job.id', 'newest.job_id')
    .select('newest.id')
    .where('newest.workspace_id', '=', sql.ref<string>('workspaces.id'))
    .where('newest_job.status', 'not in', ['failed', 'canceled'])
    .orderBy('newest.build_number', 'desc')
    .limit(1)

const place = (db: Database) =>
  db.sql
    .selectFrom('workspace_agents')
    .innerJoin('workspace_resources', 'workspace_resources.id', 'workspace_agents.resource_id')
    .innerJoin('workspace_builds', 'workspace_builds.job_id', 'workspace_resources.job_id')
    .innerJoin('workspaces', 'workspaces.id', 'workspace_builds.workspace_id')
    .innerJoin('users', 'users.id', 'workspaces.owner_id')
    .innerJoin('provisioner_jobs', 'provisioner_jobs.id', 'workspace_builds.job_id')
    .selectAll('workspace_agents')
    .select([
      'workspaces.id as workspace_id',
      'workspaces.name as workspace_name',
      'workspaces.folder as workspace_folder',
      'workspaces.deleted as workspace_deleted',
      'users.id as owner_id',
      'users.username as owner_name',
      'workspace_builds.id as build_id',
      'workspace_builds.transition as transition',
      'provisioner_jobs.status as job_status',
    ])
    .select(latestBuild(db).as('latest_build_id'))

const latestBuildsOfLiving = (db: Database) =>
  db.sql.selectFrom('workspaces').where('workspaces.deleted', '=', 0).select(latestBuild(db).as('id'))

type PlaceRow =
  ReturnType<ReturnType<typeof place>['compile']> extends { query: unknown }
    ? AgentRow & {
        workspace_id: string
        workspace_name: string
        workspace_folder: string
        workspace_deleted: number
        owner_id: string
        owner_name: string
        build_id: string
        transition: string
        job_status: string
        latest_build_id: string | null
      }
    : never

const toPlace = (row: PlaceRow): AgentPlace => ({
  agent: row,
  workspaceId: row.workspace_id,
  workspaceName: row.workspace_name,
  workspaceFolder: row.workspace_folder,
  ownerId: row.owner_id,
  ownerName: row.owner_name,
  buildId: row.build_id,
})

/**
 * The job that made the agent still runs for a moment after it was started. One that is being canceled is past the point
 * where that could end it: an agent has a row only from there on.
 */
const statusesWithAgents = new Set(['succeeded', 'running', 'canceling'])
const shouldRun = (row: PlaceRow): boolean =>
  row.workspace_deleted === 0 &&
  row.transition === 'start' &&
  row.build_id === row.latest_build_id &&
  statusesWithAgents.has(row.job_status)

export function createAgentRecords(db: Database, clock: Clock, topics: Topics): AgentRecords {
  const update = (agentId: string, values: Partial<Omit<AgentRow, 'token_hash'>>): void => {
    db.run(
      db.sql
        .updateTable('workspace_agents')
        .set({ ...values, updated_at: clock.now() })
        .where('id', '=', agentId),
    )
  }

  return {
    place(agentId) {
      const row = db.first(place(db).where('workspace_agents.id', '=', agentId))
      return row && toPlace(row)
    },
    isOfLatestBuild(agentId) {
      const row = db.first(place(db).where('workspace_agents.id', '=', agentId))
      return row?.build_id === row?.latest_build_id && row !== undefined
    },
    // By way of the builds that count: agents of every build that ever was are many.
    wanted: () =>
      db
        .all(place(db).where('workspace_builds.id', 'in', latestBuildsOfLiving(db)))
        .filter(shouldRun)
        .map(toPlace),
    wantedOf: (workspaceId) =>
      db
        .all(place(db).where('workspaces.id', '=', workspaceId))
        .filter(shouldRun)
        .map(toPlace),

    mintToken(agentId) {
      const token = randomUUID()
      db.run(
        db.sql
          .updateTable('workspace_agents')
          .set({
            token_hash: hashSecret(token),
            process_id: null,
            last_event_seq: 0,
            lifecycle_state: 'created',
            started_at: null,
            ready_at: null,
          })
          .where('id', '=', agentId),
      )
      return token
    },
    setProcessId(agentId, processId) {
      update(agentId, { process_id: processId })
    },

    longestStopSeconds(agentId) {
      const longest = db.first(
        db.sql
          .selectFrom('workspace_agent_scripts')
          .select((select) => select.fn.max('timeout_seconds').as('seconds'))
          .where('agent_id', '=', agentId)
          .where('run_on_stop', '=', 1),
      )
      return longest?.seconds ?? 0
    },

    authenticate(token) {
      const refusal = new ApiError(401, { message: 'Workspace agent not authorized.' })
      if (token === undefined) throw refusal
      // The hash is looked up by an index; what a comparison's time could tell is about the hash, not the token.
      const row = db.first(place(db).where('workspace_agents.token_hash', '=', hashSecret(token) as never))
      if (!row) throw refusal
      if (!shouldRun(row)) {
        throw new ApiError(410, { message: 'The workspace of this agent was stopped or built again.' })
      }
      return toPlace(row)
    },

    connected({ agent, workspaceId }) {
      const now = clock.now()
      db.run(
        db.sql
          .updateTable('workspace_agents')
          .set((current) => ({
            first_connected_at: current.fn.coalesce('first_connected_at', current.val(now)),
            last_connected_at: now,
            disconnected_at: null,
            updated_at: now,
          }))
          .where('id', '=', agent.id),
      )
      topics.workspace.publish(workspaceId)
    },
    disconnected({ agent, workspaceId }, lastHeardAt) {
      update(agent.id, { last_connected_at: lastHeardAt, disconnected_at: clock.now() })
      topics.workspace.publish(workspaceId)
    },
    disconnectAll() {
      db.run(
        db.sql
          .updateTable('workspace_agents')
          .set({ disconnected_at: clock.now() })
          .where('first_connected_at', 'is not', null)
          .where('disconnected_at', 'is', null),
      )
    },
  }
}
