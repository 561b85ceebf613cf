import { randomUUID } from 'node:crypto'
import type { AgentEvent, AgentManifest } from '../../contract/agent-link.ts'
import type { Clock } from '../../lib/clock.ts'
import { ApiError } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import type { AgentRow } from './agent-view.ts'
import { hashSecret } from './secret-tokens.ts'
import type { Topics } from './topics.ts'
import type { UserSecrets } from './user-secrets.ts'

/** Coder cuts the logs of an agent here. */
const MAX_LOG_BYTES = 1024 * 1024
/** What an agent says about itself goes with every answer about its workspace. The longest is a path. */
const MAX_FACT_CHARS = 4096

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
  /** @throws {ApiError} 401 unknown token, 410 for an agent that should not run any more. */
  authenticate(token: string | undefined): AgentPlace
  manifest(place: AgentPlace, accessUrl: string): AgentManifest
  connected(place: AgentPlace): void
  disconnected(place: AgentPlace, lastHeardAt: number): void
  /** After a start nobody is connected, whatever the last run wrote before it ended. */
  disconnectAll(): void
  apply(place: AgentPlace, events: readonly AgentEvent[]): void
}

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
    .select((select) =>
      select
        .selectFrom('workspace_builds as newest')
        .select('newest.id')
        .whereRef('newest.workspace_id', '=', 'workspaces.id')
        .orderBy('newest.build_number', 'desc')
        .limit(1)
        .as('latest_build_id'),
    )

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

export function createAgentRecords(
  db: Database,
  clock: Clock,
  topics: Topics,
  secrets: Pick<UserSecrets, 'forAgents'>,
): AgentRecords {
  const update = (agentId: string, values: Partial<Omit<AgentRow, 'token_hash'>>): void => {
    db.run(
      db.sql
        .updateTable('workspace_agents')
        .set({ ...values, updated_at: clock.now() })
        .where('id', '=', agentId),
    )
  }

  const appendLogs = (agentId: string, events: readonly (AgentEvent & { type: 'log' })[]): void => {
    const row = db.first(
      db.sql
        .selectFrom('workspace_agents')
        .select(['logs_length', 'logs_overflowed', 'last_event_seq'])
        .where('id', '=', agentId),
    )
    if (!row) return
    let { logs_length: length, logs_overflowed: overflowed, last_event_seq: seq } = row
    for (const event of events) {
      // A repeat after the link was lost.
      if (event.seq <= seq) continue
      seq = event.seq
      if (overflowed === 1) continue
      // An empty line counts as well, or a log of nothing but those would never end.
      const next = length + Math.max(1, Buffer.byteLength(event.output))
      if (next > MAX_LOG_BYTES) {
        overflowed = 1
        continue
      }
      length = next
      db.run(
        db.sql.insertInto('workspace_agent_logs').values({
          agent_id: agentId,
          log_source_id: event.log_source_id,
          created_at: Date.parse(event.created_at),
          level: event.level,
          output: event.output,
        }),
      )
    }
    update(agentId, { logs_length: length, logs_overflowed: overflowed, last_event_seq: seq })
  }

  const applyOne = (agentId: string, event: Exclude<AgentEvent, { type: 'log' }>): void => {
    if (event.type === 'hello') {
      update(agentId, {
        version: event.version.slice(0, MAX_FACT_CHARS),
        operating_system: event.operating_system.slice(0, MAX_FACT_CHARS),
        architecture: event.architecture.slice(0, MAX_FACT_CHARS),
        expanded_directory: event.expanded_directory.slice(0, MAX_FACT_CHARS),
      })
    } else if (event.type === 'lifecycle') {
      const at = Date.parse(event.changed_at)
      const isReady = ['ready', 'start_timeout', 'start_error'].includes(event.state)
      update(agentId, {
        lifecycle_state: event.state,
        ...(event.state === 'starting' ? { started_at: at, ready_at: null } : {}),
        ...(isReady ? { ready_at: at } : {}),
      })
    } else {
      db.run(
        db.sql
          .updateTable('workspace_agent_scripts')
          .set({
            exit_code: event.exit_code,
            status: event.status,
            started_at: Date.parse(event.started_at),
            ended_at: Date.parse(event.ended_at),
          })
          .where('id', '=', event.script_id)
          .where('agent_id', '=', agentId),
      )
    }
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
    wanted: () => db.all(place(db)).filter(shouldRun).map(toPlace),
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

    manifest({ agent, workspaceId, workspaceName, ownerId, ownerName, buildId }, accessUrl) {
      const scripts = db.all(
        db.sql
          .selectFrom('workspace_agent_scripts')
          .selectAll()
          .where('agent_id', '=', agent.id)
          .orderBy('position'),
      )
      return {
        agent_id: agent.id,
        agent_name: agent.name,
        workspace_id: workspaceId,
        workspace_name: workspaceName,
        owner_name: ownerName,
        access_url: accessUrl,
        directory: agent.directory,
        environment: JSON.parse(agent.environment) as Record<string, string>,
        scripts: scripts.map((script) => ({
          id: script.id,
          log_source_id: script.log_source_id,
          display_name: script.display_name,
          script: script.script,
          run_on_start: script.run_on_start === 1,
          run_on_stop: script.run_on_stop === 1,
          start_blocks_login: script.start_blocks_login === 1,
          timeout_seconds: script.timeout_seconds,
        })),
        secrets: secrets.forAgents(ownerId),
        build_id: buildId,
      }
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

    apply({ agent, workspaceId }, events) {
      const logs = events.filter((event) => event.type === 'log')
      const others = events.filter((event) => event.type !== 'log')
      db.transaction(() => {
        if (logs.length > 0) appendLogs(agent.id, logs)
        for (const event of others) applyOne(agent.id, event)
      })
      if (logs.length > 0) topics.agentLogs.publish(agent.id)
      if (others.length > 0) topics.workspace.publish(workspaceId)
    },
  }
}
