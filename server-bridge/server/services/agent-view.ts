import type { Selectable } from 'kysely'
import type {
  DERPRegion,
  WorkspaceAgent,
  WorkspaceAgentLogSource,
  WorkspaceAgentScript,
} from '../../contract/workspace-agents.ts'
import type { WorkspaceApp, WorkspaceAppStatus } from '../../contract/workspace-apps.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import type { WorkspaceAgentLogSourcesTable } from '../db/tables/workspace-agent-log-sources.ts'
import type { WorkspaceAgentScriptsTable } from '../db/tables/workspace-agent-scripts.ts'
import type { WorkspaceAgentsTable } from '../db/tables/workspace-agents.ts'
import { agentApiVersion } from '../version.ts'
import type { AppStatuses } from './app-statuses.ts'
import { agentHealthOf, agentStatusAt } from './agent-status.ts'
import { groupBy } from './group-by.ts'
import { toOptionalTime, toWireTime } from './wire-time.ts'

export type AgentRow = Selectable<WorkspaceAgentsTable>
type ScriptRow = Selectable<WorkspaceAgentScriptsTable>
type LogSourceRow = Selectable<WorkspaceAgentLogSourcesTable>

export interface AgentView {
  get(agentId: string): WorkspaceAgent | undefined
  /** Agents of the given resources, by resource. */
  ofResources(resourceIds: readonly string[]): Map<string, WorkspaceAgent[]>
}

/** What open links know, which is not written to the database every few seconds. */
export interface LinkState {
  lastHeard(agentId: string): number | undefined
  latencyMs(agentId: string): number | undefined
}

/** The way to an agent that `latency` measures: there is only one. */
const LATENCY_REGION = 'Local deployment'

const NANOSECONDS = 1_000_000_000

function toWireScript(row: ScriptRow): WorkspaceAgentScript {
  return {
    id: row.id,
    log_source_id: row.log_source_id,
    log_path: row.log_path,
    script: row.script,
    cron: row.cron,
    run_on_start: row.run_on_start === 1,
    run_on_stop: row.run_on_stop === 1,
    start_blocks_login: row.start_blocks_login === 1,
    timeout: row.timeout_seconds * NANOSECONDS,
    display_name: row.display_name,
    exit_code: row.exit_code ?? undefined,
    status: row.status ?? undefined,
  }
}

export interface AgentViewDeps {
  readonly db: Database
  readonly clock: Clock
  readonly links: LinkState
  readonly statuses: AppStatuses
}

/** What hangs on agents, by agent. */
interface Attached {
  readonly scripts: ReadonlyMap<string, readonly ScriptRow[]>
  readonly logSources: ReadonlyMap<string, readonly LogSourceRow[]>
  readonly statuses: ReadonlyMap<string, readonly WorkspaceAppStatus[]>
}

export function createAgentView({ db, clock, links, statuses }: AgentViewDeps): AgentView {
  const timesOf = (row: AgentRow) => {
    const heardAt = links.lastHeard(row.id)
    return {
      lastConnectedAt: heardAt ?? row.last_connected_at,
      disconnectedAt: heardAt === undefined ? row.disconnected_at : null,
    }
  }

  const toWire = (row: AgentRow, attached: Attached): WorkspaceAgent => {
    const scripts = attached.scripts.get(row.id) ?? []
    const times = timesOf(row)
    const status = agentStatusAt(clock.now(), {
      createdAt: row.created_at,
      firstConnectedAt: row.first_connected_at,
      connectionTimeoutSeconds: row.connection_timeout_seconds,
      ...times,
    })
    return {
      id: row.id,
      parent_id: null,
      created_at: toWireTime(row.created_at),
      updated_at: toWireTime(row.updated_at),
      first_connected_at: toOptionalTime(row.first_connected_at),
      last_connected_at: toOptionalTime(times.lastConnectedAt),
      disconnected_at: toOptionalTime(times.disconnectedAt),
      started_at: toOptionalTime(row.started_at),
      ready_at: toOptionalTime(row.ready_at),
      status,
      lifecycle_state: row.lifecycle_state,
      name: row.name,
      resource_id: row.resource_id,
      architecture: row.architecture,
      environment_variables: JSON.parse(row.environment) as Record<string, string>,
      operating_system: row.operating_system,
      logs_length: row.logs_length,
      logs_overflowed: row.logs_overflowed === 1,
      directory: row.directory || undefined,
      expanded_directory: row.expanded_directory || undefined,
      version: row.version,
      api_version: row.version === '' ? '' : agentApiVersion,
      apps: toWireApps(row, attached.statuses.get(row.id) ?? []),
      latency: toLatency(links.latencyMs(row.id)),
      connection_timeout_seconds: row.connection_timeout_seconds,
      troubleshooting_url: row.troubleshooting_url,
      subsystems: [],
      health: agentHealthOf(status, row.lifecycle_state),
      display_apps: JSON.parse(row.display_apps) as string[],
      log_sources: toLogSources(row.id, scripts, attached.logSources.get(row.id) ?? []),
      scripts: scripts.map(toWireScript),
      startup_script_behavior: row.startup_script_behavior,
    }
  }

  const attachedTo = (agentIds: readonly string[]): Attached => {
    const scripts = db.sql
      .selectFrom('workspace_agent_scripts')
      .selectAll()
      .where('agent_id', 'in', [...agentIds])
      .orderBy('position')
    const logSources = db.sql
      .selectFrom('workspace_agent_log_sources')
      .selectAll()
      .where('agent_id', 'in', [...agentIds])
      .orderBy('created_at')
    return {
      scripts: groupBy(db.all(scripts), (row) => row.agent_id),
      logSources: groupBy(db.all(logSources), (row) => row.agent_id),
      statuses: groupBy(statuses.ofAgents(agentIds), (status) => status.agent_id),
    }
  }

  return {
    get(agentId) {
      const row = db.first(db.sql.selectFrom('workspace_agents').selectAll().where('id', '=', agentId))
      return row && toWire(row, attachedTo([agentId]))
    },
    ofResources(resourceIds) {
      const rows = db.all(
        db.sql
          .selectFrom('workspace_agents')
          .selectAll()
          .where('resource_id', 'in', [...resourceIds])
          .orderBy('name'),
      )
      const attached = attachedTo(rows.map((row) => row.id))
      const wire = rows.map((row) => toWire(row, attached))
      return groupBy(wire, (agent) => agent.resource_id)
    },
  }
}

function toWireApps(row: AgentRow, statuses: readonly WorkspaceAppStatus[]): WorkspaceApp[] {
  const apps = JSON.parse(row.apps) as WorkspaceApp[]
  return apps.map((app) => ({ ...app, statuses: statuses.filter(({ app_id }) => app_id === app.id) }))
}

function toLatency(latencyMs: number | undefined): Record<string, DERPRegion> {
  return latencyMs === undefined ? {} : { [LATENCY_REGION]: { preferred: true, latency_ms: latencyMs } }
}

function toLogSources(
  agentId: string,
  scripts: readonly ScriptRow[],
  others: readonly LogSourceRow[],
): WorkspaceAgentLogSource[] {
  const ofScripts = scripts.map((script) => ({ ...script, id: script.log_source_id }))
  return [...ofScripts, ...others].map(({ id, display_name, icon, created_at }) => ({
    workspace_agent_id: agentId,
    id,
    created_at: toWireTime(created_at),
    display_name,
    icon,
  }))
}
