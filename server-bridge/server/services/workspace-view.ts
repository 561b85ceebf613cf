import type { Selectable } from 'kysely'
import type { WorkspaceAppStatus } from '../../contract/workspace-apps.ts'
import type { WorkspaceBuild } from '../../contract/workspace-builds.ts'
import type { Workspace } from '../../contract/workspaces.ts'
import type { Database } from '../db/database.ts'
import type { WorkspacesTable } from '../db/tables/workspaces.ts'
import { effectiveTtl } from './autostop-deadline.ts'
import type { BuildView } from './build-view.ts'
import { indexBy, mustGet } from './group-by.ts'
import { parseTemplateSettings } from './template-settings.ts'
import { toNullableTime, toRequiredTime, toWireTime } from './wire-time.ts'

export type WorkspaceRow = Selectable<WorkspacesTable>

export interface WorkspaceView {
  toWire(rows: readonly WorkspaceRow[], viewerId: string): Workspace[]
}

/** Whole workspaces: one answer is the whole picture. A constant number of queries however many there are. */
export function createWorkspaceView(
  db: Database,
  builds: BuildView,
  { allowRenames }: { readonly allowRenames: boolean },
): WorkspaceView {
  return {
    toWire(rows, viewerId) {
      if (rows.length === 0) return []
      const ids = <K extends keyof WorkspaceRow>(column: K): WorkspaceRow[K][] => [
        ...new Set(rows.map((row) => row[column])),
      ]
      const owners = indexBy(
        db.all(
          db.sql
            .selectFrom('users')
            .select(['id', 'username', 'avatar_url'])
            .where('id', 'in', ids('owner_id')),
        ),
        (row) => row.id,
      )
      const organizations = indexBy(
        db.all(
          db.sql.selectFrom('organizations').select(['id', 'name']).where('id', 'in', ids('organization_id')),
        ),
        (row) => row.id,
      )
      const templates = indexBy(
        db.all(db.sql.selectFrom('templates').selectAll().where('id', 'in', ids('template_id'))),
        (row) => row.id,
      )
      const latest = indexBy(
        builds.toWire(
          db.all(
            db.sql
              .selectFrom('workspace_builds')
              .selectAll()
              // Read anew: a row may be older than the build that was just queued for it.
              .where('id', 'in', (where) =>
                where.selectFrom('workspaces').select('latest_build_id').where('id', 'in', ids('id')),
              ),
          ),
        ),
        (build) => build.workspace_id,
      )

      return rows.map((row): Workspace => {
        const owner = mustGet(owners, row.owner_id)
        const template = mustGet(templates, row.template_id)
        const settings = parseTemplateSettings(template.settings)
        const build = mustGet(latest, row.id)
        const failing = build.resources
          .flatMap((resource) => resource.agents ?? [])
          .filter((agent) => !agent.health.healthy)
          .map((agent) => agent.id)
        return {
          id: row.id,
          created_at: toWireTime(row.created_at),
          updated_at: toWireTime(row.updated_at),
          owner_id: owner.id,
          owner_name: owner.username,
          owner_avatar_url: owner.avatar_url,
          organization_id: row.organization_id,
          organization_name: mustGet(organizations, row.organization_id).name,
          template_id: template.id,
          template_name: template.name,
          template_display_name: template.display_name,
          template_icon: template.icon,
          template_allow_user_cancel_workspace_jobs: settings.allow_user_cancel_workspace_jobs,
          template_active_version_id: template.active_version_id,
          template_require_active_version: settings.require_active_version,
          template_use_classic_parameter_flow: settings.use_classic_parameter_flow,
          latest_build: build,
          latest_app_status: newestAppStatus(build),
          outdated: build.template_version_id !== template.active_version_id,
          name: row.name,
          autostart_schedule: row.autostart_schedule ?? undefined,
          ttl_ms: effectiveTtl(row.ttl_ms, settings) ?? undefined,
          last_used_at: toRequiredTime(row.last_used_at),
          deleting_at: toNullableTime(row.deleting_at),
          dormant_at: toNullableTime(row.dormant_at),
          health: { healthy: failing.length === 0, failing_agents: failing },
          automatic_updates: row.automatic_updates,
          allow_renames: allowRenames,
          favorite: row.favorite === 1 && row.owner_id === viewerId,
          next_start_at: toNullableTime(row.next_start_at),
          is_prebuild: false,
          task_id: null,
        }
      })
    },
  }
}

/** What an app of the workspace told last about its work. */
function newestAppStatus(build: WorkspaceBuild): WorkspaceAppStatus | null {
  const statuses = build.resources
    .flatMap((resource) => resource.agents ?? [])
    .flatMap((agent) => agent.apps.flatMap((app) => app.statuses))
  return statuses.reduce<WorkspaceAppStatus | null>(
    (newest, status) => (newest === null || status.created_at > newest.created_at ? status : newest),
    null,
  )
}
