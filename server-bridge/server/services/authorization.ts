import { notFound, forbidden } from '../api-error.ts'
import type { Actor } from './sessions.ts'

/** Coder's words for what rules speak of; more may be added. */
export type ResourceType =
  | 'api_key'
  | 'assign_role'
  | 'audit_log'
  | 'debug_info'
  | 'deployment_config'
  | 'deployment_stats'
  | 'file'
  | 'inbox_notification'
  | 'notification_preference'
  | 'organization'
  | 'organization_member'
  | 'provisioner_daemon'
  | 'provisioner_jobs'
  | 'template'
  | 'user'
  | 'user_secret'
  | 'workspace'

/** Coder's words for what can be done. */
export type Action =
  | 'application_connect'
  | 'create'
  | 'delete'
  | 'read'
  | 'read_personal'
  | 'ssh'
  | 'start'
  | 'stop'
  | 'update'
  | 'update_personal'
  | 'use'

export interface Resource {
  readonly type: ResourceType
  /** The user it belongs to. Absent: nobody's own. */
  readonly ownerId?: string
  readonly id?: string
}

/** What every member of the one organization may do with things that are nobody's own. */
const MEMBER_RIGHTS: ReadonlySet<string> = new Set(['template read', 'organization read', 'template use'])

/** Whether the caller may do this: an owner everything, everybody with what is theirs, members what all may. */
export function mayAct(actor: Actor, action: Action, resource: Resource): boolean {
  if (actor.isOwner) return true
  if (resource.ownerId !== undefined) return resource.ownerId === actor.user.id
  return MEMBER_RIGHTS.has(`${resource.type} ${action}`)
}

/**
 * @throws {ApiError} 404 for what the caller may not even read, which on purpose looks the same as missing; else 403.
 */
export function requireMay(actor: Actor, action: Action, resource: Resource): void {
  if (mayAct(actor, action, resource)) return
  throw action !== 'read' && mayAct(actor, 'read', resource) ? forbidden() : notFound()
}
