import { type APIKey, apiKeysRoutes, type CreateTokenRequest } from '../../contract/api-keys.ts'
import { ApiError, badRequest, notFound } from '../api-error.ts'
import type { Accounts } from '../services/accounts.ts'
import type { ApiKeys } from '../services/api-keys.ts'
import { randomAlphanumeric } from '../services/secret-tokens.ts'
import { type ApiKeyRow, DEFAULT_LIFETIME_SECONDS, type Sessions } from '../services/sessions.ts'
import { toWireTime } from '../services/wire-time.ts'
import { bound } from './bind-routes.ts'

const NANOSECONDS = 1_000_000_000
/** Coder's default of the largest life: 100 years. */
const MAX_LIFETIME_SECONDS = 876_600 * 3600

function toWireKey(row: ApiKeyRow): APIKey {
  return {
    id: row.id,
    user_id: row.user_id,
    last_used: toWireTime(row.last_used ?? 0),
    expires_at: toWireTime(row.expires_at),
    created_at: toWireTime(row.created_at),
    updated_at: toWireTime(row.updated_at),
    login_type: row.login_type,
    scope: 'all',
    scopes: JSON.parse(row.scopes) as string[],
    token_name: row.token_name,
    lifetime_seconds: row.lifetime_seconds,
    allow_list: ['*:*'],
  }
}

/** Refused rather than ignored: a token that is meant to be weak must not turn out to be strong. */
function requireFullAccess({ scope, scopes, allow_list: allowList }: CreateTokenRequest): void {
  const narrow = [scope ?? 'all', ...(scopes ?? [])].find((word) => word !== 'all' && word !== 'coder:all')
  if (narrow !== undefined) {
    throw badRequest(
      'Failed to create API key.',
      `The local deployment has no scope ${JSON.stringify(narrow)}: it makes tokens with full access only.`,
    )
  }
  if ((allowList ?? []).some((entry) => entry !== '*:*')) {
    throw badRequest(
      'Failed to create API key.',
      'The local deployment cannot limit a token to single resources.',
    )
  }
}

function lifetimeSeconds(nanoseconds: number, maxSeconds = MAX_LIFETIME_SECONDS): number {
  const seconds = Math.floor(nanoseconds / NANOSECONDS)
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
  /** The longest life of a token; Coder's default when absent. */
  readonly maxLifetimeSeconds?: number | undefined
}

export function apiKeyHandlers({ accounts, sessions, keys, maxLifetimeSeconds }: ApiKeyHandlerDeps) {
  return bound(apiKeysRoutes, {
    createSession({ params, actor, audit }) {
      const owner = accounts.find(params.user, actor)
      // An owner may look at other accounts, not act as them.
      if (owner.id !== actor.user.id) throw new ApiError(403, { message: 'Forbidden.' })
      const { id, token } = sessions.create(owner.id, { loginType: 'password' })
      audit({ resourceType: 'api_key', resourceId: id, resourceTarget: owner.username, action: 'create' })
      return { key: token }
    },
    createToken({ params, body, actor, audit }) {
      const owner = accounts.find(params.user, actor)
      requireFullAccess(body)
      const tokenName = body.token_name || randomAlphanumeric(10).toLowerCase()
      const { id, token } = sessions.create(owner.id, {
        loginType: 'token',
        tokenName,
        lifetimeSeconds: lifetimeSeconds(body.lifetime, maxLifetimeSeconds),
      })
      audit({ resourceType: 'api_key', resourceId: id, resourceTarget: tokenName, action: 'create' })
      return { key: token }
    },
    listTokens({ params, query, actor }) {
      const owner = accounts.find(params.user, actor)
      const everybody = query.include_all === true && actor.isOwner
      return keys
        .tokens({ userId: everybody ? undefined : owner.id, includeExpired: query.include_expired === true })
        .map(({ username, ...row }) => ({ ...toWireKey(row), username }))
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
  })
}

function findKey(keys: ApiKeys, userId: string, keyId: string): ApiKeyRow {
  const key = keys.find(keyId)
  if (key?.user_id !== userId) throw notFound()
  return key
}
