import type { CreateUserRequestWithOrgs } from '../../contract/user-accounts.ts'
import type { LoginType } from '../../contract/users.ts'
import { ApiError, badRequest, forbidden } from '../api-error.ts'
import type { Accounts } from './accounts.ts'
import { mayAct } from './authorization.ts'
import type { Organizations } from './organizations.ts'
import { requireRoleChange } from './role-changes.ts'
import type { Actor, UserRow } from './sessions.ts'

/** Makes an account for somebody. @throws {ApiError} 400, 403, 404 organization, 409 name or email taken. */
export type CreateUser = (request: CreateUserRequestWithOrgs, actor: Actor) => Promise<UserRow>

function loginTypeOf(request: CreateUserRequestWithOrgs): LoginType {
  const { login_type: type, service_account: isService = false, password } = request
  if (isService) {
    if (type !== '' && type !== 'none') throw badRequest('Service accounts must use the login type "none".')
    if (password !== '') throw badRequest('Service accounts cannot have a password.')
    return 'none'
  }
  if (type === 'none') throw badRequest('Only service accounts can use the login type "none".')
  if (type !== '' && type !== 'password') {
    throw badRequest(`This deployment has no sign-in of the type ${JSON.stringify(type)}.`)
  }
  return 'password'
}

function requireOrganization(request: CreateUserRequestWithOrgs, organizations: Organizations, actor: Actor) {
  if (request.organization_ids.length === 0) {
    throw new ApiError(400, {
      message: 'No organization specified to place the user as a member of.',
      validations: [{ field: 'organization_ids', detail: 'At least one organization is required.' }],
    })
  }
  for (const id of request.organization_ids) organizations.find(id, actor)
}

export function createUserCreation(accounts: Accounts, organizations: Organizations): CreateUser {
  return async (request, actor) => {
    if (!mayAct(actor, 'create', { type: 'user' })) throw forbidden()
    const loginType = loginTypeOf(request)
    // Whoever made it knows its password, and signs in with it past the limits of the key.
    if (loginType === 'password' && !actor.access.isUnrestricted) {
      throw forbidden('A narrowed token cannot make an account that signs in by password.')
    }
    requireOrganization(request, organizations, actor)
    const roles = requireRoleChange({ actor, right: 'assign_role', before: [], after: request.roles ?? [] })
    return accounts.create({
      username: request.username,
      email: request.email,
      name: request.name,
      ...(loginType === 'password' ? { password: request.password } : {}),
      role: 'member',
      roles,
      // Coder's word for "has never been here": the first call makes it active.
      status: request.user_status ?? 'dormant',
      loginType,
      isServiceAccount: request.service_account === true,
    })
  }
}
