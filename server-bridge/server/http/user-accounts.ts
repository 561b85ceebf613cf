import { userAccountsRoutes } from '../../contract/user-accounts.ts'
import type { Accounts } from '../services/accounts.ts'
import type { AuditEntry } from '../services/audit.ts'
import type { ReadAutofillParameters } from '../services/autofill-parameters.ts'
import type { OrganizationMembers } from '../services/organization-members.ts'
import type { Organizations } from '../services/organizations.ts'
import { rolesOf, type UserRow } from '../services/sessions.ts'
import type { UserAdministration } from '../services/user-administration.ts'
import type { CreateUser } from '../services/user-creation.ts'
import type { SearchUsers } from '../services/user-search.ts'
import { bound } from './bind-routes.ts'

export interface UserAccountHandlerDeps {
  readonly accounts: Accounts
  readonly organizations: Organizations
  readonly members: OrganizationMembers
  readonly administration: UserAdministration
  readonly createUser: CreateUser
  readonly searchUsers: SearchUsers
  readonly autofillParameters: ReadAutofillParameters
}

/** What was done to an account. */
export function userEntry(user: UserRow, action: AuditEntry['action']): AuditEntry {
  return { resourceType: 'user', resourceId: user.id, resourceTarget: user.username, action }
}

/** Accounts as those see them who administer them. */
export function userAccountHandlers(deps: UserAccountHandlerDeps) {
  const { accounts, organizations, members, administration } = deps
  return bound(userAccountsRoutes, {
    list({ query, actor }) {
      const page = { limit: query.limit ?? 0, offset: query.offset ?? 0, afterId: query.after_id }
      const { rows, count } = deps.searchUsers(query.q ?? '', page, actor)
      return { users: accounts.toWirePage(rows), count }
    },
    async create({ body, actor, audit }) {
      const user = await deps.createUser(body, actor)
      audit(userEntry(user, 'create'))
      return accounts.toWire(user)
    },
    delete({ params, actor, audit }) {
      const user = accounts.find(params.user, actor)
      administration.remove(user, actor)
      audit(userEntry(user, 'delete'))
      return { message: 'User has been deleted!' }
    },
    updateProfile({ params, body, actor, audit }) {
      const user = administration.updateProfile(accounts.find(params.user, actor), body, actor)
      audit(userEntry(user, 'write'))
      return accounts.toWire(user)
    },
    async updatePassword({ params, body, actor, audit }) {
      const user = accounts.find(params.user, actor)
      // Also a wrong old password is worth knowing of.
      audit(userEntry(user, 'write'))
      const change = { password: body.password, oldPassword: body.old_password }
      await administration.setPassword(user, change, actor)
      return undefined
    },
    suspend({ params, actor, audit }) {
      const user = administration.suspend(accounts.find(params.user, actor), actor)
      audit(userEntry(user, 'write'))
      return accounts.toWire(user)
    },
    activate({ params, actor, audit }) {
      const user = administration.activate(accounts.find(params.user, actor), actor)
      audit(userEntry(user, 'write'))
      return accounts.toWire(user)
    },
    roles({ params, actor }) {
      const user = accounts.find(params.user, actor)
      const memberships = organizations
        .listFor(user.id)
        .map((row) => [row.id, rolesOf(members.find(row.id, user.id))] as const)
      return { roles: rolesOf(user), organization_roles: Object.fromEntries(memberships) }
    },
    updateRoles({ params, body, actor, audit }) {
      const user = administration.setRoles(accounts.find(params.user, actor), body.roles, actor)
      audit(userEntry(user, 'write'))
      return accounts.toWire(user)
    },
    autofillParameters: ({ params, query, actor }) =>
      deps.autofillParameters(accounts.find(params.user, actor).id, query.template_id),
  })
}
