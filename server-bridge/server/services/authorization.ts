import type { RbacAction, RbacResource } from '../../contract/rbac.ts'
import { forbidden, notFound } from '../api-error.ts'
import { scopeCovers, targetCovers } from './key-access.ts'
import { roleGrants, WORKSPACE_BAN } from './role-catalogue.ts'
import type { Actor } from './sessions.ts'

/** Coder's words for what rules speak of. */
export type ResourceType = RbacResource

/** Coder's words for what can be done. */
export type Action = RbacAction

export interface Resource {
  readonly type: ResourceType
  /** The user it belongs to. Absent: nobody's own. */
  readonly ownerId?: string
  /** Needed for keys that are narrowed to single resources. Absent: any of the type, or one that is yet to be. */
  readonly id?: string
  /** Somebody who may has let the caller read it. */
  readonly isSharedWithCaller?: boolean
  /** There is one organization, so it only says that the resource belongs to it. */
  readonly organizationId?: string
}

/** What every member of the organization may do with things that are nobody's own. */
const MEMBER_RIGHTS: ReadonlySet<string> = new Set([
  'assign_org_role read',
  'organization read',
  'template read',
  'template use',
])
/** What everybody who can sign in may do. */
const SITE_RIGHTS: ReadonlySet<string> = new Set(['assign_role read'])
/** What people may do with the few own things that they do not rule. */
const OWN_RIGHTS: Readonly<Partial<Record<ResourceType, readonly Action[]>>> = {
  user: ['read', 'read_personal', 'update_personal'],
  organization_member: ['read'],
}
const BANNED_ACTIONS: ReadonlySet<string> = new Set(['create', 'delete', 'create_agent', 'delete_agent'])

function isBanned(actor: Actor, action: Action, type: ResourceType): boolean {
  return (
    type === 'workspace' &&
    BANNED_ACTIONS.has(action) &&
    !actor.isOwner &&
    actor.organizationRoles?.includes(WORKSPACE_BAN) === true
  )
}

function ownsWithRight(actor: Actor, action: Action, { type, ownerId }: Resource): boolean {
  if (ownerId !== actor.user.id) return false
  return OWN_RIGHTS[type]?.includes(action) ?? true
}

/** Whether the roles of the caller allow this, whatever its key says. */
function rolesAllow(actor: Actor, action: Action, resource: Resource): boolean {
  if (isBanned(actor, action, resource.type)) return false
  if (ownsWithRight(actor, action, resource)) return true
  if (action === 'read' && resource.isSharedWithCaller === true) return true
  const right = `${resource.type} ${action}`
  if (SITE_RIGHTS.has(right)) return true
  if (resource.ownerId === undefined && actor.organizationRoles && MEMBER_RIGHTS.has(right)) return true
  return [...actor.roles, ...(actor.organizationRoles ?? [])].some((role) =>
    roleGrants(role, resource.type, action),
  )
}

/**
 * Whether the caller may do this: by the scopes and the allow list of its key, and within them by its roles. An owner
 * may do everything but read secrets, everybody most with what is theirs, members what all may.
 */
export function mayAct(actor: Actor, action: Action, resource: Resource): boolean {
  return (
    scopeCovers(actor.access, resource.type, action) &&
    targetCovers(actor.access, resource.type, resource.id) &&
    rolesAllow(actor, action, resource)
  )
}

/**
 * @throws {ApiError} 404 for what the caller may not even read, which on purpose looks the same as missing; else 403.
 */
export function requireMay(actor: Actor, action: Action, resource: Resource): void {
  if (mayAct(actor, action, resource)) return
  throw action !== 'read' && mayAct(actor, 'read', resource) ? forbidden() : notFound()
}
