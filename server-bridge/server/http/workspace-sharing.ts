import { workspaceSharingRoutes } from '../../contract/workspace-sharing.ts'
import { forbidden } from '../api-error.ts'
import { toMinimalUser } from '../services/accounts.ts'
import type { AuditEntry } from '../services/audit.ts'
import { mayAct } from '../services/authorization.ts'
import type { AvailableUsers } from '../services/available-users.ts'
import type { Organizations } from '../services/organizations.ts'
import type { PortShares } from '../services/port-shares.ts'
import type { Action } from '../services/authorization.ts'
import type { Actor } from '../services/sessions.ts'
import type { WorkspaceRow } from '../services/workspace-view.ts'
import type { Workspaces } from '../services/workspaces.ts'
import { bound } from './bind-routes.ts'
import { requireLiving } from './require-living.ts'

export interface WorkspaceSharingDeps {
  readonly workspaces: Workspaces
  readonly portShares: PortShares
  readonly organizations: Organizations
  readonly availableUsers: AvailableUsers
}

/** What others than the owner may have of a workspace: ports yes, the workspace itself no. */
export function workspaceSharingHandlers(deps: WorkspaceSharingDeps) {
  const { workspaces, portShares, organizations, availableUsers } = deps
  const find = (id: string, actor: Actor, action?: Action): WorkspaceRow =>
    requireLiving(workspaces.find(id, actor, action))
  const written = (row: WorkspaceRow): AuditEntry => ({
    resourceType: 'workspace',
    resourceId: row.id,
    resourceTarget: row.name,
    action: 'write',
    organizationId: row.organization_id,
  })
  const refuseSharing = (id: string, actor: Actor): never => {
    find(id, actor)
    throw forbidden('Workspace sharing is disabled for this deployment.')
  }

  return bound(workspaceSharingRoutes, {
    portShares: ({ params, actor }) => ({ shares: portShares.list(find(params.workspace, actor)) }),
    sharePort({ params, body, actor, audit }) {
      const row = find(params.workspace, actor, 'update')
      const share = portShares.upsert(row, body)
      audit(written(row))
      return share
    },
    unsharePort({ params, body, actor, audit }) {
      const row = find(params.workspace, actor, 'update')
      portShares.remove(row, body)
      audit(written(row))
      return undefined
    },
    acl: ({ params, actor }) => refuseSharing(params.workspace, actor),
    updateAcl: ({ params, actor }) => refuseSharing(params.workspace, actor),
    deleteAcl: ({ params, actor }) => refuseSharing(params.workspace, actor),
    availableUsers({ params, query, actor }) {
      organizations.find(params.organization, actor)
      if (!mayAct(actor, 'create', { type: 'workspace' })) throw forbidden()
      return availableUsers(query.q ?? '').map(toMinimalUser)
    },
    externalAgentCredentials({ params, actor }) {
      find(params.workspace, actor)
      throw forbidden('Workspace External Agent is a Premium feature. Contact sales!')
    },
  })
}
