import type { Selectable } from 'kysely'
import type {
  OrganizationMember,
  OrganizationMemberWithUserData,
} from '../../contract/organization-members.ts'
import type { Clock } from '../../lib/clock.ts'
import { badRequest, nameTaken, notFound } from '../api-error.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import type { OrganizationMembersTable } from '../db/tables/organization-members.ts'
import { type Accounts, toSlimRoles } from './accounts.ts'
import { mayAct } from './authorization.ts'
import { indexBy, mustGet } from './group-by.ts'
import { requireRoleChange } from './role-changes.ts'
import { listTerm, parseSearchQuery, singleTerm } from './search-query.ts'
import { type Actor, rolesOf, type UserRow } from './sessions.ts'
import { toRequiredTime, toWireTime } from './wire-time.ts'

export type MemberRow = Selectable<OrganizationMembersTable>

export interface OrganizationMembers {
  /** Those the caller may read, by username. @throws {ApiError} 400 for a search that cannot be. */
  search(organizationId: string, query: string, actor: Actor): OrganizationMemberWithUserData[]
  /** @throws {ApiError} 404 */
  find(organizationId: string, userId: string): MemberRow
  /** @throws {ApiError} 409 when they are one already. */
  add(organizationId: string, user: UserRow): MemberRow
  /** @throws {ApiError} 400 for oneself, 404 */
  remove(organizationId: string, user: UserRow, actor: Actor): void
  /** @throws {ApiError} 400 for one's own and unknown ones, 403, 404 */
  setRoles(member: MemberRow, roles: readonly string[], actor: Actor): MemberRow
  toWire(row: MemberRow): OrganizationMember
  toWireWithUser(row: MemberRow): OrganizationMemberWithUserData
}

const SEARCH_KEYS = new Set(['user_id', 'github_user_id', 'include_system'])

export function createOrganizationMembers(
  db: Database,
  clock: Clock,
  accounts: Accounts,
): OrganizationMembers {
  const find = (organizationId: string, userId: string): MemberRow => {
    const row = db.first(
      db.sql
        .selectFrom('organization_members')
        .selectAll()
        .where('organization_id', '=', organizationId)
        .where('user_id', '=', userId),
    )
    if (!row) throw notFound()
    return row
  }
  const toWire = (row: MemberRow): OrganizationMember => ({
    user_id: row.user_id,
    organization_id: row.organization_id,
    created_at: toWireTime(row.created_at),
    updated_at: toWireTime(row.updated_at),
    roles: toSlimRoles(rolesOf(row), row.organization_id),
  })
  const withUser = (row: MemberRow, user: UserRow): OrganizationMemberWithUserData => {
    return {
      username: user.username,
      name: user.name,
      avatar_url: user.avatar_url,
      email: user.email,
      status: user.status,
      login_type: user.login_type,
      last_seen_at: toRequiredTime(user.last_seen_at),
      user_created_at: toWireTime(user.created_at),
      user_updated_at: toWireTime(user.updated_at),
      ...(user.service_account === 1 ? { is_service_account: true } : {}),
      global_roles: toSlimRoles(rolesOf(user)),
      has_ai_seat: false,
      ...toWire(row),
    }
  }

  return {
    find,
    toWire,
    toWireWithUser: (row) => withUser(row, accounts.get(row.user_id)),

    search(organizationId, query, actor) {
      // Without a default key: words on their own search nothing here.
      const terms = parseSearchQuery(query, '', SEARCH_KEYS)
      if (terms.has(''))
        throw badRequest('Invalid search query.', 'Every term must be of the form key:value.')
      const ids = listTerm(terms, 'user_id')
      const asksForGithub = singleTerm(terms, 'github_user_id') !== undefined
      const members = db
        .all(
          db.sql
            .selectFrom('organization_members')
            .innerJoin('users', 'users.id', 'organization_members.user_id')
            .selectAll('organization_members')
            .where('organization_members.organization_id', '=', organizationId)
            .orderBy('users.username'),
        )
        .filter(
          (row) =>
            mayAct(actor, 'read', { type: 'organization_member', ownerId: row.user_id, organizationId }) &&
            (ids?.includes(row.user_id) ?? true) &&
            !asksForGithub,
        )
      if (members.length === 0) return []
      const users = indexBy(
        db.all(
          db.sql
            .selectFrom('users')
            .selectAll()
            .where(
              'id',
              'in',
              members.map((row) => row.user_id),
            ),
        ),
        ({ id }) => id,
      )
      return members.map((row) => withUser(row, mustGet(users, row.user_id)))
    },

    add(organizationId, user) {
      const now = clock.now()
      const row = {
        organization_id: organizationId,
        user_id: user.id,
        roles: '[]',
        created_at: now,
        updated_at: now,
      }
      try {
        db.transaction(() => db.run(db.sql.insertInto('organization_members').values(row)))
      } catch (error) {
        if (isUniqueViolation(error)) {
          throw nameTaken('Organization member already exists in this organization.', 'user_id')
        }
        throw error
      }
      return row
    },

    remove(organizationId, user, actor) {
      const member = find(organizationId, user.id)
      if (user.id === actor.user.id) throw badRequest('You cannot remove yourself from an organization.')
      // Who may not take the roles away may not take them away together with the membership either.
      requireRoleChange({ actor, right: 'assign_org_role', before: rolesOf(member), after: [] })
      db.transaction(() =>
        db.run(
          db.sql
            .deleteFrom('organization_members')
            .where('organization_id', '=', organizationId)
            .where('user_id', '=', user.id),
        ),
      )
    },

    setRoles(member, roles, actor) {
      if (member.user_id === actor.user.id) {
        throw badRequest('You cannot change your own organization roles.')
      }
      return db.transaction(() => {
        const { organization_id: organizationId, user_id: userId } = member
        const before = rolesOf(find(organizationId, userId))
        const after = requireRoleChange({ actor, right: 'assign_org_role', before, after: roles })
        db.run(
          db.sql
            .updateTable('organization_members')
            .set({ roles: JSON.stringify(after), updated_at: clock.now() })
            .where('organization_id', '=', organizationId)
            .where('user_id', '=', userId),
        )
        return find(organizationId, userId)
      })
    },
  }
}
