import { badRequest, forbidden } from '../api-error.ts'
import { type BuiltInRole, findRole } from './role-catalogue.ts'
import type { Actor } from './sessions.ts'

/** Everybody has these, so they are taken where somebody lists them, and not kept. */
const IMPLIED: ReadonlySet<string> = new Set(['member', 'organization-member'])

export interface RoleChange {
  readonly actor: Actor
  /** The roles there are at this place. */
  readonly catalogue: readonly BuiltInRole[]
  readonly before: readonly string[]
  readonly after: readonly string[]
}

/** Whether the caller may give and take a role. */
export function mayAssign(actor: Actor, role: string): boolean {
  return [...actor.roles, ...(actor.organizationRoles ?? [])].some(
    (own) => findRole(own)?.assigns.includes(role) === true,
  )
}

/**
 * The roles to keep, when the caller may make the change.
 *
 * @throws {ApiError} 400 for a role that is none, 403 for one that the caller may not give or take.
 */
export function requireRoleChange({ actor, catalogue, before, after }: RoleChange): string[] {
  const wanted = [...new Set(after)].filter((name) => !IMPLIED.has(name))
  const unknown = wanted.find((name) => !catalogue.some((role) => role.name === name))
  if (unknown !== undefined) {
    throw badRequest(`${JSON.stringify(unknown)} is not a supported role.`)
  }
  const changed = [
    ...wanted.filter((name) => !before.includes(name)),
    ...before.filter((name) => !wanted.includes(name)),
  ]
  const refused = changed.find((name) => !mayAssign(actor, name))
  if (refused !== undefined) {
    throw forbidden(`You may not give or take the role ${JSON.stringify(refused)}.`)
  }
  return wanted.sort()
}
