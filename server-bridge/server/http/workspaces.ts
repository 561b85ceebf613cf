import { type Workspace, workspacesRoutes } from '../../contract/workspaces.ts'
import type { Logger } from '../../lib/logger.ts'
import { createTurnCache } from '../../lib/turn-cache.ts'
import { forbidden } from '../api-error.ts'
import type { Accounts } from '../services/accounts.ts'
import type { AuditEntry } from '../services/audit.ts'
import { requireMay } from '../services/authorization.ts'
import type { Organizations } from '../services/organizations.ts'
import type { Actor } from '../services/sessions.ts'
import type { Topics } from '../services/topics.ts'
import type { WorkspaceActivity } from '../services/workspace-activity.ts'
import type { WorkspaceSchedules } from '../services/workspace-schedules.ts'
import type { WorkspaceRow } from '../services/workspace-view.ts'
import type { Workspaces } from '../services/workspaces.ts'
import { watchBySocket, watchBySse } from '../ws/watch-streams.ts'
import { bound } from './bind-routes.ts'
import type { Call } from './call.ts'
import { requireLiving } from './require-living.ts'

export interface WorkspaceHandlerDeps {
  readonly accounts: Accounts
  readonly workspaces: Workspaces
  readonly organizations: Organizations
  readonly schedules: WorkspaceSchedules
  readonly activity: WorkspaceActivity
  readonly topics: Topics
  readonly logger: Logger
}

type CreateCall = Pick<Call<typeof workspacesRoutes.create>, 'params' | 'body' | 'actor' | 'audit'>

export function workspaceHandlers(deps: WorkspaceHandlerDeps) {
  const { accounts, workspaces, topics, logger } = deps
  const shown = createTurnCache<Workspace>()
  const watchOf = (workspace: WorkspaceRow, actor: Actor) => ({
    topic: topics.workspace,
    workspaceId: workspace.id,
    templateTopic: topics.template,
    templateId: workspace.template_id,
    read: () => workspaces.toWire(workspaces.find(workspace.id, actor), actor.user.id),
    readShared() {
      const row = workspaces.find(workspace.id, actor)
      // Who looks only matters for the mark of its owner.
      const key = `${row.id} ${row.owner_id === actor.user.id ? 'own' : 'foreign'}`
      return shown(key, () => workspaces.toWire(row, actor.user.id))
    },
    logFailure: (error: unknown) =>
      logger.error('A watch could not read its workspace', { error: String(error) }),
  })

  const create = ({ params, body, actor, audit }: CreateCall) => {
    const owner = accounts.find(params.user, actor)
    requireMay(actor, 'create', { type: 'workspace', ownerId: owner.id })
    const row = workspaces.create(owner, body, actor)
    audit({
      resourceType: 'workspace',
      resourceId: row.id,
      resourceTarget: row.name,
      action: 'create',
      organizationId: row.organization_id,
    })
    return workspaces.toWire(row, actor.user.id)
  }

  return bound(workspacesRoutes, {
    list: ({ query, actor }) =>
      workspaces.search(query.q ?? '', { limit: query.limit ?? 0, offset: query.offset ?? 0 }, actor),
    get({ params, query, actor }) {
      const row = requireLiving(workspaces.find(params.workspace, actor), query.include_deleted)
      return workspaces.toWire(row, actor.user.id)
    },
    getByName({ params, query, actor }) {
      const owner = accounts.find(params.user, actor)
      const row = workspaces.findByName(owner, params.workspacename, query.include_deleted === true)
      return workspaces.toWire(row, actor.user.id)
    },
    create,
    createOfMember(call) {
      deps.organizations.find(call.params.organization, call.actor)
      return create(call)
    },
    // A sign of life once a minute, not a change: Coder does not audit it either.
    usage({ params, body, actor }) {
      const { id } = requireLiving(workspaces.find(params.workspace, actor, 'update'))
      deps.schedules.recordActivity(id)
      if (body.app_name) deps.activity.record(id, body.app_name)
      return undefined
    },
    favorite: ({ params, actor, audit }) => {
      audit(setFavorite(deps, params.workspace, actor, true))
      return undefined
    },
    unfavorite: ({ params, actor, audit }) => {
      audit(setFavorite(deps, params.workspace, actor, false))
      return undefined
    },
    watchWs({ params, actor }) {
      const row = requireLiving(workspaces.find(params.workspace, actor))
      return (socket) => watchBySocket(socket, watchOf(row, actor))
    },
    watch({ params, actor, request }) {
      const row = requireLiving(workspaces.find(params.workspace, actor))
      return watchBySse(watchOf(row, actor), request.signal)
    },
  })
}

/** A favourite is a mark of the owner alone. */
function setFavorite(deps: WorkspaceHandlerDeps, id: string, actor: Actor, favorite: boolean): AuditEntry {
  const row = requireLiving(deps.workspaces.find(id, actor))
  if (row.owner_id !== actor.user.id) throw forbidden('You can only favorite workspaces that you own.')
  deps.workspaces.setFavorite(row, favorite)
  return { resourceType: 'workspace', resourceId: row.id, resourceTarget: row.name, action: 'write' }
}
