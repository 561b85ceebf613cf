import { randomUUID } from 'node:crypto'
import type { Insertable } from 'kysely'
import type { WorkspaceApp } from '../../contract/workspace-apps.ts'
import type { Clock } from '../../lib/clock.ts'
import type {
  PlannedAgent,
  PlannedAgentMetadata,
  PlannedApp,
  PlannedResource,
  PlannedScript,
} from '../../provisioner/provisioner.ts'
import type { Database } from '../db/database.ts'
import type { WorkspaceAgentScriptsTable } from '../db/tables/workspace-agent-scripts.ts'

/** Whose plan it is, for the names of subdomain apps. Absent for the plan of a version, which nobody opens. */
export interface PlanOwner {
  readonly workspaceName: string
  readonly ownerName: string
}

export interface PlanRecords {
  /** Stores what a job made; answers the ids of the agents. */
  save(
    jobId: string,
    transition: 'start' | 'stop' | 'delete',
    resources: readonly PlannedResource[],
    owner?: PlanOwner,
  ): string[]
}

function toWireApp(app: PlannedApp, owner: PlanOwner | undefined): WorkspaceApp {
  const subdomain = app.subdomain && owner !== undefined
  return {
    id: randomUUID(),
    url: app.url,
    external: app.external,
    slug: app.slug,
    display_name: app.displayName,
    command: app.command,
    icon: app.icon,
    subdomain: app.subdomain,
    subdomain_name: subdomain ? `${app.slug}--${owner.workspaceName}--${owner.ownerName}` : '',
    sharing_level: app.sharingLevel,
    healthcheck: app.healthcheck ?? { url: '', interval: 0, threshold: 0 },
    health: app.healthcheck ? 'initializing' : 'disabled',
    group: app.group,
    hidden: app.hidden,
    open_in: app.openIn,
    tooltip: app.tooltip,
    statuses: [],
  }
}

const byOrder = (a: { readonly order: number }, b: { readonly order: number }): number => a.order - b.order

export function createPlanRecords(db: Database, clock: Clock): PlanRecords {
  const saveScript = (agentId: string, script: PlannedScript, position: number): void => {
    const row: Insertable<WorkspaceAgentScriptsTable> = {
      id: randomUUID(),
      agent_id: agentId,
      log_source_id: randomUUID(),
      position,
      display_name: script.displayName,
      icon: script.icon,
      script: script.script,
      cron: script.cron,
      log_path: script.logPath,
      run_on_start: Number(script.runOnStart),
      run_on_stop: Number(script.runOnStop),
      start_blocks_login: Number(script.startBlocksLogin),
      timeout_seconds: script.timeoutSeconds,
      exit_code: null,
      status: null,
      started_at: null,
      ended_at: null,
      created_at: clock.now(),
    }
    db.run(db.sql.insertInto('workspace_agent_scripts').values(row))
  }

  const saveMetadata = (agentId: string, item: PlannedAgentMetadata, position: number): void => {
    db.run(
      db.sql.insertInto('workspace_agent_metadata').values({
        agent_id: agentId,
        key: item.key,
        position,
        display_name: item.displayName,
        script: item.script,
        interval_seconds: item.interval,
        timeout_seconds: item.timeout,
        collected_at: null,
      }),
    )
  }

  const saveAgent = (resourceId: string, agent: PlannedAgent, owner: PlanOwner | undefined): string => {
    const id = randomUUID()
    const now = clock.now()
    db.run(
      db.sql.insertInto('workspace_agents').values({
        id,
        resource_id: resourceId,
        name: agent.name,
        token_hash: null,
        process_id: null,
        architecture: agent.architecture,
        operating_system: agent.operatingSystem,
        directory: agent.directory,
        expanded_directory: '',
        environment: JSON.stringify(agent.environment),
        display_apps: JSON.stringify(agent.displayApps),
        apps: JSON.stringify([...agent.apps].sort(byOrder).map((app) => toWireApp(app, owner))),
        version: '',
        connection_timeout_seconds: agent.connectionTimeoutSeconds,
        troubleshooting_url: agent.troubleshootingUrl,
        motd_file: agent.motdFile,
        api_key_scope: agent.apiKeyScope,
        startup_script_behavior: agent.startupScriptBehavior,
        lifecycle_state: 'created',
        first_connected_at: null,
        last_connected_at: null,
        disconnected_at: null,
        started_at: null,
        ready_at: null,
        created_at: now,
        updated_at: now,
      }),
    )
    agent.scripts.forEach((script, position) => saveScript(id, script, position))
    for (const [position, item] of [...agent.metadata].sort(byOrder).entries())
      saveMetadata(id, item, position)
    return id
  }

  return {
    save(jobId, transition, resources, owner) {
      return db.transaction(() =>
        resources.flatMap((resource, position) => {
          const id = randomUUID()
          db.run(
            db.sql.insertInto('workspace_resources').values({
              id,
              job_id: jobId,
              position,
              transition,
              type: resource.type,
              name: resource.name,
              hide: Number(resource.hide),
              icon: resource.icon,
              daily_cost: resource.dailyCost,
              // Coder answers sensitive values as they are only to those who may see the state; nobody here may.
              metadata: JSON.stringify(
                resource.metadata.map((entry) => (entry.sensitive ? { ...entry, value: '' } : entry)),
              ),
              created_at: clock.now(),
            }),
          )
          return [...resource.agents].sort(byOrder).map((agent) => saveAgent(id, agent, owner))
        }),
      )
    },
  }
}
