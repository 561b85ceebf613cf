/** What half a year leaves in a deployment beside its workspaces, written by the services that write it otherwise. */
import type { Clock } from '#bridge/lib/clock'
import type { Database } from '#bridge/server/db/database'
import { createAgentLogs } from '#bridge/server/services/agent-logs'
import { createAppStatuses } from '#bridge/server/services/app-statuses'
import { createAuditLog } from '#bridge/server/services/audit'
import { createTopics } from '#bridge/server/services/topics'
import { createWorkspaceActivity } from '#bridge/server/services/workspace-activity'

const dayMs = 24 * 3_600_000
const minuteMs = 60_000
const days = 170
/** Of each workspace. */
const auditEntries = 40
const minutesOfUse = 60
const logLines = 60
const appStatuses = 10

/** Adds audit entries, minutes of use, agent logs and app statuses of the past to every workspace. */
export function addOldRows(db: Database): void {
  let now = 0
  const clock: Clock = { now: () => now, after: () => () => undefined, every: () => () => undefined }
  const topics = createTopics()
  const audit = createAuditLog(db, clock)
  const activity = createWorkspaceActivity(db, clock)
  const logs = createAgentLogs(db, clock, topics)
  const statuses = createAppStatuses(db, clock, topics)
  const begin = Date.now() - days * dayMs
  const workspaces = db.all(db.sql.selectFrom('workspaces').select(['id', 'name', 'owner_id']))
  db.transaction(() => {
    for (const { id, name, owner_id } of workspaces) {
      for (let entry = 0; entry < auditEntries; entry += 1) {
        now = begin + Math.floor((entry / auditEntries) * days * dayMs)
        audit.record(
          {
            resourceType: 'workspace_build',
            resourceId: id,
            resourceTarget: name,
            action: entry % 2 === 0 ? 'start' : 'stop',
          },
          {
            requestId: id,
            userId: owner_id,
            remoteAddress: '127.0.0.1',
            userAgent: 'outpost',
            statusCode: 201,
          },
        )
      }
      for (let minute = 0; minute < minutesOfUse; minute += 1) {
        now = begin + Math.floor((minute / minutesOfUse) * days) * dayMs + minute * minuteMs
        activity.record(id, minute % 3 === 0 ? 'ssh' : 'vscode')
      }
    }
    for (const { id, workspace_id, apps } of agentsOf(db)) {
      now = begin
      logs.append(
        id,
        Array.from({ length: logLines }, (_, line) => ({
          log_source_id: id,
          created_at: new Date(begin).toISOString(),
          level: 'info',
          output: `Step ${String(line)}: this is what a script says while it gets a workspace ready.`,
        })),
      )
      for (const { slug } of JSON.parse(apps) as { slug: string }[]) {
        for (let status = 0; status < appStatuses; status += 1) {
          now += minuteMs
          statuses.add(
            { agent: { id, apps }, workspaceId: workspace_id },
            {
              app_slug: slug,
              state: 'working',
              message: 'Reads the files of the project',
              uri: '',
              needs_user_attention: false,
            },
          )
        }
      }
    }
  })
}

function agentsOf(db: Database) {
  return db.all(
    db.sql
      .selectFrom('workspace_agents')
      .innerJoin('workspace_resources', 'workspace_resources.id', 'workspace_agents.resource_id')
      .innerJoin('workspace_builds', 'workspace_builds.job_id', 'workspace_resources.job_id')
      .select(['workspace_agents.id', 'workspace_agents.apps', 'workspace_builds.workspace_id'])
      .where('workspace_resources.transition', '=', 'start'),
  )
}
