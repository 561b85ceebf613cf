import { type APIKey, apiKeysRoutes, type CreateTokenRequest } from '../../contract/api-keys.ts'
import { badRequest, forbidden, notFound } from '../api-error.ts'
import type { Accounts } from '../services/accounts.ts'
import type { ApiKeys } from '../services/api-keys.ts'
import { mayAct } from '../services/authorization.ts'
import {
  allowListOfRequest,
  APPLICATION_SCOPE,
  FULL_SCOPE,
  isWithin,
  keyAccess,
  requestableScopes,
  scopesOfRequest,
} from '../services/key-access.ts'
import { randomAlphanumeric } from '../services/secret-tokens.ts'
import {
  type Actor,
  type ApiKeyRow,
  DEFAULT_LIFETIME_SECONDS,
  type Sessions,
  type UserRow,
} from '../services/sessions.ts'
import { toWireTime } from '../services/wire-time.ts'
import { bound } from './bind-routes.ts'

const NANOSECONDS = 1_000_000_000

function toWireKey(row: ApiKeyRow): APIKey {
  const scopes = JSON.parse(row.scopes) as string[]
  return {
    id: row.id,
    user_id: row.user_id,
    last_used: toWireTime(row.last_used ?? 0),
    expires_at: toWireTime(row.expires_at),
    created_at: toWireTime(row.created_at),
    updated_at: toWireTime(row.updated_at),
    login_type: row.login_type,
    scope: legacyScope(scopes),
    scopes,
    token_name: row.token_name,
    lifetime_seconds: row.lifetime_seconds,
    allow_list: JSON.parse(row.allow_list) as string[],
  }
}

/** What a new token may do, which must not be more than the key that makes it. */
function accessOfRequest(request: CreateTokenRequest, actor: Actor) {
  const scopes = scopesOfRequest(request.scopes ?? [], request.scope)
  const allowList = allowListOfRequest(request.allow_list ?? [])
  if (!isWithin(keyAccess(scopes, allowList), actor.access)) {
    throw forbidden('A token cannot allow more than the key it is made with.')
  }
  return { scopes, allowList }
}

/** The two words there were before scopes had names. */
function legacyScope(scopes: readonly string[]): string {
  if (scopes.includes(FULL_SCOPE)) return 'all'
  return scopes.includes(APPLICATION_SCOPE) ? 'application_connect' : ''
}

function lifetimeSeconds(nanoseconds: number, maxSeconds: number): number {
  const seconds = Math.ceil(nanoseconds / NANOSECONDS)
  if (nanoseconds < 0 || seconds > maxSeconds) {
    throw badRequest(
      'Failed to validate create API key request.',
      `lifetime must be less than ${maxSeconds} seconds`,
    )
  }
  return seconds === 0 ? Math.min(DEFAULT_LIFETIME_SECONDS, maxSeconds) : seconds
}

export interface ApiKeyHandlerDeps {
  readonly accounts: Accounts
  readonly sessions: Sessions
  readonly keys: ApiKeys
  /** The longest life of a token. */
  readonly maxLifetimeSeconds: number
}

export function apiKeyHandlers({ accounts, sessions, keys, maxLifetimeSeconds }: ApiKeyHandlerDeps) {
  return bound(apiKeysRoutes, {
    scopes: () => ({ external: [...requestableScopes] }),
    createSession({ params, actor, audit }) {
      const owner = accounts.find(params.user, actor)
      // An owner may look at other accounts, not act as them.
      if (owner.id !== actor.user.id) throw forbidden()
      if (!actor.access.isUnrestricted) {
        throw forbidden('A token cannot allow more than the key it is made with.')
      }
      const { id, token } = sessions.create(owner.id, { loginType: 'password' })
      audit({ resourceType: 'api_key', resourceId: id, resourceTarget: owner.username, action: 'create' })
      return { key: token }
    },
    createToken({ params, body, actor, audit }) {
      const owner = accounts.find(params.user, actor)
      requireOwnOrOwner(owner, actor)
      const access = accessOfRequest(body, actor)
      const tokenName = body.token_name || randomAlphanumeric(10).toLowerCase()
      const { id, token } = sessions.create(owner.id, {
        loginType: 'token',
        tokenName,
        lifetimeSeconds: lifetimeSeconds(body.lifetime, maxLifetimeSeconds),
        ...access,
      })
      audit({ resourceType: 'api_key', resourceId: id, resourceTarget: tokenName, action: 'create' })
      return { key: token }
    },
    listTokens({ params, query, actor }) {
      const owner = accounts.find(params.user, actor)
      const everybody = query.include_all === true
      return keys
        .tokens({ userId: everybody ? undefined : owner.id, includeExpired: query.include_expired === true })
        .filter((row) => mayAct(actor, 'read', { type: 'api_key', ownerId: row.user_id }))
        .map(({ username, ...row }) => ({ ...toWireKey(row), username }))
    },
    tokenConfig({ params, actor }) {
      accounts.find(params.user, actor)
      return { max_token_lifetime: maxLifetimeSeconds * NANOSECONDS }
    },
    getByName({ params, actor }) {
      const key = keys.findToken(accounts.find(params.user, actor).id, params.keyname)
      if (!key) throw notFound()
      return toWireKey(key)
    },
    get: ({ params, actor }) => toWireKey(findKey(keys, accounts.find(params.user, actor).id, params.keyid)),
    delete({ params, actor, audit }) {
      const key = findKey(keys, accounts.find(params.user, actor).id, params.keyid)
      sessions.end(key.id)
      audit({
        resourceType: 'api_key',
        resourceId: key.id,
        resourceTarget: key.token_name || key.id,
        action: 'delete',
      })
      return undefined
    },
    expire({ params, actor, audit }) {
      const key = findKey(keys, accounts.find(params.user, actor).id, params.keyid)
      sessions.expire(key.id)
      audit({
        resourceType: 'api_key',
        resourceId: key.id,
        resourceTarget: key.token_name || key.id,
        action: 'write',
      })
      return undefined
    },
  })
}

/**
 * A token of an owner is an owner, so nobody else may make one. A narrowed key acts for its own user only: within its
 * scopes it would reach what is another's own, which even owners cannot read as themselves.
 */
function requireOwnOrOwner(user: UserRow, actor: Actor): void {
  if (user.id === actor.user.id) return
  if (!actor.isOwner || !actor.access.isUnrestricted) throw forbidden()
}

function findKey(keys: ApiKeys, userId: string, keyId: string): ApiKeyRow {
  const key = keys.find(keyId)
  if (key?.user_id !== userId) throw notFound()
  return key
}
