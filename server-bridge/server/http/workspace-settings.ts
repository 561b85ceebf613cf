import { workspaceSettingsRoutes } from '../../contract/workspace-settings.ts'
import type { AuditEntry } from '../services/audit.ts'
import type { Actor } from '../services/sessions.ts'
import type { WorkspaceBuilds } from '../services/workspace-builds.ts'
import type { WorkspaceSchedules } from '../services/workspace-schedules.ts'
import type { WorkspaceRow } from '../services/workspace-view.ts'
import type { Workspaces } from '../services/workspaces.ts'
import { bound } from './bind-routes.ts'
import { requireLiving } from './require-living.ts'

export interface WorkspaceSettingsDeps {
  readonly workspaces: Workspaces
  readonly schedules: WorkspaceSchedules
  readonly builds: WorkspaceBuilds
}

const written = (row: WorkspaceRow, name = row.name): AuditEntry => ({
  resourceType: 'workspace',
  resourceId: row.id,
  resourceTarget: name,
  action: 'write',
  organizationId: row.organization_id,
})

/** What can be changed of a workspace without building it. */
export function workspaceSettingsHandlers({ workspaces, schedules, builds }: WorkspaceSettingsDeps) {
  const toChange = (id: string, actor: Actor): WorkspaceRow =>
    requireLiving(workspaces.find(id, actor, 'update'))

  return bound(workspaceSettingsRoutes, {
    rename({ params, body, actor, audit }) {
      const row = workspaces.find(params.workspace, actor, 'update')
      const name = body.name ?? row.name
      workspaces.rename(row, name)
      audit(written(row, name))
      return undefined
    },
    autostart({ params, body, actor, audit }) {
      const row = toChange(params.workspace, actor)
      schedules.setAutostart(row, body.schedule)
      audit(written(row))
      return undefined
    },
    ttl({ params, body, actor, audit }) {
      const row = toChange(params.workspace, actor)
      schedules.setTtl(row, body.ttl_ms)
      audit(written(row))
      return undefined
    },
    extend({ params, body, actor, audit }) {
      const row = toChange(params.workspace, actor)
      const deadline = Date.parse(body.deadline)
      schedules.extend(row, deadline)
      audit(written(row))
      return { message: `Deadline updated to ${new Date(deadline).toISOString()}.` }
    },
    dormant({ params, body, actor, audit }) {
      const row = toChange(params.workspace, actor)
      if (!schedules.setDormant(row, body.dormant)) return new Response(null, { status: 304 })
      audit(written(row))
      return workspaces.toWire(workspaces.find(row.id, actor), actor.user.id)
    },
    automaticUpdates({ params, body, actor, audit }) {
      const row = toChange(params.workspace, actor)
      workspaces.setAutomaticUpdates(row, body.automatic_updates)
      audit(written(row))
      return undefined
    },
    resolveAutostart: ({ params, actor }) => ({
      parameter_mismatch: builds.needsNewParameters(workspaces.find(params.workspace, actor)),
    }),
  })
}
