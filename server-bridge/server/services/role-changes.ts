import { badRequest, forbidden } from '../api-error.ts'
import { mayAct } from './authorization.ts'
import { type BuiltInRole, findRole, organizationRoles, siteRoles } from './role-catalogue.ts'
import type { Actor } from './sessions.ts'

/** Everybody has these, so they are taken where somebody lists them, and not kept. */
const IMPLIED: ReadonlySet<string> = new Set(['member', 'organization-member'])

export interface RoleChange {
  readonly actor: Actor
  /** What giving a role of this place is called. */
  readonly right: 'assign_role' | 'assign_org_role'
  readonly before: readonly string[]
  readonly after: readonly string[]
}

const CATALOGUES: Readonly<Record<RoleChange['right'], readonly BuiltInRole[]>> = {
  assign_role: siteRoles,
  assign_org_role: organizationRoles,
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
export function requireRoleChange({ actor, right, before, after }: RoleChange): string[] {
  const wanted = [...new Set(after)].filter((name) => !IMPLIED.has(name))
  const unknown = wanted.find((name) => !CATALOGUES[right].some((role) => role.name === name))
  if (unknown !== undefined) {
    throw badRequest(`${JSON.stringify(unknown)} is not a supported role.`)
  }
  const changed = [
    ...wanted.filter((name) => !before.includes(name)),
    ...before.filter((name) => !wanted.includes(name)),
  ]
  // Asked of the key as well: through the account that gets a role, a narrowed one would get past its own limits.
  const mayChange = actor.access.isUnrestricted && mayAct(actor, 'assign', { type: right })
  const refused = changed.find((name) => !mayChange || !mayAssign(actor, name))
  if (refused !== undefined) {
    throw forbidden(`You may not give or take the role ${JSON.stringify(refused)}.`)
  }
  return wanted.sort()
}
