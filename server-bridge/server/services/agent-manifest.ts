import type { AgentManifest } from '../../contract/agent-link.ts'
import type { WorkspaceApp } from '../../contract/workspace-apps.ts'
import type { Database } from '../db/database.ts'
import type { AgentPlace } from './agent-records.ts'
import type { UserSecrets } from './user-secrets.ts'

/** What an agent is told about its workspace. `accessUrl` is where this server answers. */
export type ReadAgentManifest = (place: AgentPlace, accessUrl: string) => AgentManifest

export function createAgentManifestReader(
  db: Database,
  secrets: Pick<UserSecrets, 'forAgents'>,
): ReadAgentManifest {
  const scriptsOf = (agentId: string): AgentManifest['scripts'] =>
    db
      .all(
        db.sql
          .selectFrom('workspace_agent_scripts')
          .selectAll()
          .where('agent_id', '=', agentId)
          .orderBy('position'),
      )
      .map((script) => ({
        id: script.id,
        log_source_id: script.log_source_id,
        display_name: script.display_name,
        script: script.script,
        run_on_start: script.run_on_start === 1,
        run_on_stop: script.run_on_stop === 1,
        start_blocks_login: script.start_blocks_login === 1,
        timeout_seconds: script.timeout_seconds,
        cron: script.cron,
        log_path: script.log_path,
      }))

  const metadataOf = (agentId: string): AgentManifest['metadata'] =>
    db.all(
      db.sql
        .selectFrom('workspace_agent_metadata')
        .select(['key', 'script', 'interval_seconds', 'timeout_seconds'])
        .where('agent_id', '=', agentId)
        .orderBy('position'),
    )

  return ({ agent, workspaceId, workspaceName, ownerId, ownerName, buildId }, accessUrl) => ({
    agent_id: agent.id,
    agent_name: agent.name,
    workspace_id: workspaceId,
    workspace_name: workspaceName,
    owner_name: ownerName,
    access_url: accessUrl,
    directory: agent.directory,
    environment: JSON.parse(agent.environment) as Record<string, string>,
    scripts: scriptsOf(agent.id),
    metadata: metadataOf(agent.id),
    health_checks: healthChecksOf(JSON.parse(agent.apps) as WorkspaceApp[]),
    git_key: agent.api_key_scope !== 'no_user_data',
    motd_file: agent.motd_file,
    secrets: secrets.forAgents(ownerId),
    build_id: buildId,
  })
}

function healthChecksOf(apps: readonly WorkspaceApp[]): AgentManifest['health_checks'] {
  return apps.flatMap(({ id, healthcheck }) => {
    if (healthcheck === undefined || healthcheck.url === '') return []
    const { url, interval, threshold } = healthcheck
    return [{ app_id: id, url, interval_seconds: interval, threshold }]
  })
}
