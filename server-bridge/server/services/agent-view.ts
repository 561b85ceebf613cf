import type { Selectable } from 'kysely'
import type { WorkspaceAgent, WorkspaceAgentScript } from '../../contract/workspace-agents.ts'
import type { WorkspaceApp } from '../../contract/workspace-apps.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import type { WorkspaceAgentScriptsTable } from '../db/tables/workspace-agent-scripts.ts'
import type { WorkspaceAgentsTable } from '../db/tables/workspace-agents.ts'
import { agentApiVersion } from '../version.ts'
import { agentHealthOf, agentStatusAt } from './agent-status.ts'
import { groupBy } from './group-by.ts'
import { toOptionalTime, toWireTime } from './wire-time.ts'

export type AgentRow = Selectable<WorkspaceAgentsTable>
type ScriptRow = Selectable<WorkspaceAgentScriptsTable>

export interface AgentView {
  get(agentId: string): WorkspaceAgent | undefined
  /** Agents of the given resources, by resource. */
  ofResources(resourceIds: readonly string[]): Map<string, WorkspaceAgent[]>
}

/** When the agent of an open link was last heard, which is not written to the database every few seconds. */
export type LastHeard = (agentId: string) => number | undefined

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

export function createAgentView(db: Database, clock: Clock, lastHeard: LastHeard): AgentView {
  const toWire = (row: AgentRow, scripts: readonly ScriptRow[]): WorkspaceAgent => {
    const heardAt = lastHeard(row.id)
    const status = agentStatusAt(clock.now(), {
      createdAt: row.created_at,
      firstConnectedAt: row.first_connected_at,
      lastConnectedAt: heardAt ?? row.last_connected_at,
      disconnectedAt: heardAt === undefined ? row.disconnected_at : null,
      connectionTimeoutSeconds: row.connection_timeout_seconds,
    })
    return {
      id: row.id,
      parent_id: null,
      created_at: toWireTime(row.created_at),
      updated_at: toWireTime(row.updated_at),
      first_connected_at: toOptionalTime(row.first_connected_at),
      last_connected_at: toOptionalTime(heardAt ?? row.last_connected_at),
      disconnected_at: toOptionalTime(heardAt === undefined ? row.disconnected_at : null),
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
      apps: JSON.parse(row.apps) as WorkspaceApp[],
      latency: {},
      connection_timeout_seconds: row.connection_timeout_seconds,
      troubleshooting_url: row.troubleshooting_url,
      subsystems: [],
      health: agentHealthOf(status, row.lifecycle_state),
      display_apps: JSON.parse(row.display_apps) as string[],
      log_sources: scripts.map((script) => ({
        workspace_agent_id: row.id,
        id: script.log_source_id,
        created_at: toWireTime(script.created_at),
        display_name: script.display_name,
        icon: script.icon,
      })),
      scripts: scripts.map(toWireScript),
      startup_script_behavior: row.startup_script_behavior,
    }
  }

  const scriptsOf = (agentIds: readonly string[]): Map<string, ScriptRow[]> =>
    groupBy(
      db.all(
        db.sql
          .selectFrom('workspace_agent_scripts')
          .selectAll()
          .where('agent_id', 'in', [...agentIds])
          .orderBy('position'),
      ),
      (script) => script.agent_id,
    )

  return {
    get(agentId) {
      const row = db.first(db.sql.selectFrom('workspace_agents').selectAll().where('id', '=', agentId))
      return row && toWire(row, scriptsOf([agentId]).get(agentId) ?? [])
    },
    ofResources(resourceIds) {
      const rows = db.all(
        db.sql
          .selectFrom('workspace_agents')
          .selectAll()
          .where('resource_id', 'in', [...resourceIds])
          .orderBy('name'),
      )
      const scripts = scriptsOf(rows.map((row) => row.id))
      const wire = rows.map((row) => toWire(row, scripts.get(row.id) ?? []))
      return groupBy(wire, (agent) => agent.resource_id)
    },
  }
}
