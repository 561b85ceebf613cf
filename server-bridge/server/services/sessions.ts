import type { Selectable } from 'kysely'
import type { LoginType } from '../../contract/users.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import type { ApiKeysTable } from '../db/tables/api-keys.ts'
import type { UsersTable } from '../db/tables/users.ts'
import { isUniqueViolation } from '../db/database.ts'
import { storageFailureOf } from '../db/storage-failure.ts'
import { ApiError } from '../api-error.ts'
import { EVERY_TARGET, FULL_SCOPE, type KeyAccess, keyAccess } from './key-access.ts'
import { hashSecret, newSessionToken, parseSessionToken, secretMatches } from './secret-tokens.ts'
import type { Topic } from './topics.ts'
import { toWireTime } from './wire-time.ts'

export type UserRow = Selectable<UsersTable>
export type ApiKeyRow = Selectable<ApiKeysTable>

/** Who calls, and by which key. */
export interface Actor {
  readonly user: UserRow
  /** Has the owner role; what its key allows is another question, so ask `mayAct`. */
  readonly isOwner: boolean
  /** Roles of the whole deployment. */
  readonly roles: readonly string[]
  /** Roles within the organization; absent for who is not its member. */
  readonly organizationRoles: readonly string[] | undefined
  readonly keyId: string
  readonly access: KeyAccess
}

const HOUR_MS = 3_600_000
/** Coder's default life of sessions and keys. */
export const DEFAULT_LIFETIME_SECONDS = 7 * 24 * 3600

export interface NewKey {
  readonly loginType: LoginType
  readonly tokenName?: string
  readonly lifetimeSeconds?: number
  /** In their stored spelling. Absent: everything its user may do. */
  readonly scopes?: readonly string[]
  readonly allowList?: readonly string[]
}

/** Until when a key opens something, as things are; or why it opens nothing any more, for the person. */
export type KeyLife = { readonly endsAt: number } | { readonly endedBecause: string }

export interface Sessions {
  /** Makes a key and answers its token, which is not kept. */
  create(userId: string, key: NewKey): { readonly id: string; readonly token: string }
  /** Who a credential belongs to. Moves the life of sessions on. @throws {ApiError} 401 in Coder's words. */
  authenticate(credential: string | undefined): Actor
  /** Somebody for whom the server works on its own, with all their rights and no key. @throws {ApiError} 401 */
  actFor(userId: string): Actor
  /** For what stays open after it was granted. */
  lifeOf(keyId: string): KeyLife
  end(keyId: string): void
  /** Ends every key of an account, tokens included. */
  endAll(userId: string): void
  /** Lets a key end now; it can still be seen. */
  expire(keyId: string): void
}

/** The one message of every refused credential; only the detail tells why. */
export function signedOut(detail: string): ApiError {
  return new ApiError(401, {
    message: 'You are signed out or your session has expired. Please sign in again to continue.',
    detail,
  })
}

/** Roles are kept as a JSON list. */
export function rolesOf(row: { readonly roles: string }): string[] {
  return JSON.parse(row.roles) as string[]
}

/** On a full disk people must still be able to read, and to delete. */
function recordUse(write: () => void): void {
  try {
    write()
  } catch (error) {
    if (storageFailureOf(error) === undefined) throw error
  }
}

export function createSessions(db: Database, clock: Clock, userKeys: Topic): Sessions {
  const findKey = (credential: string): ApiKeyRow => {
    const token = parseSessionToken(credential)
    if (!token) throw signedOut('API key format is invalid.')
    const key = db.first(db.sql.selectFrom('api_keys').selectAll().where('id', '=', token.id))
    if (!key || !secretMatches(token.secret, key.secret_hash)) throw signedOut('API key is invalid.')
    if (key.expires_at <= clock.now()) {
      throw signedOut(`API key expired at "${toWireTime(key.expires_at)}".`)
    }
    return key
  }

  const ownerOf = (keyId: string): string | undefined =>
    db.first(db.sql.selectFrom('api_keys').select('user_id').where('id', '=', keyId))?.user_id

  const organizationRolesOf = (userId: string): string[] | undefined => {
    const member = db.first(
      db.sql
        .selectFrom('organization_members')
        .innerJoin('organizations', 'organizations.id', 'organization_members.organization_id')
        .select('organization_members.roles')
        .where('organizations.is_default', '=', 1)
        .where('organization_members.user_id', '=', userId),
    )
    return member && rolesOf(member)
  }

  /** A use extends a session once more than an hour of its life is gone; a token keeps the end it was made with. */
  const touch = (key: ApiKeyRow): void => {
    const now = clock.now()
    const extended = now + key.lifetime_seconds * 1000
    const slides = key.login_type !== 'token' && extended - key.expires_at > HOUR_MS
    const usedLongAgo = key.last_used === null || now - key.last_used > HOUR_MS
    if (!slides && !usedLongAgo) return
    // One write, because each waits for the disk while nothing else is answered.
    recordUse(() =>
      db.transaction(() => {
        db.run(
          db.sql
            .updateTable('api_keys')
            .set({ last_used: now, updated_at: now, ...(slides ? { expires_at: extended } : {}) })
            .where('id', '=', key.id),
        )
        db.run(db.sql.updateTable('users').set({ last_seen_at: now }).where('id', '=', key.user_id))
      }),
    )
  }

  /** The app signs in anew at every start; without this its old sessions would pile up. Tokens stay to be seen. */
  const removeExpiredSessions = (userId: string): void => {
    db.run(
      db.sql
        .deleteFrom('api_keys')
        .where('user_id', '=', userId)
        .where('login_type', '!=', 'token')
        .where('expires_at', '<=', clock.now()),
    )
  }

  return {
    create(userId, key) {
      const { loginType, tokenName = '', lifetimeSeconds = DEFAULT_LIFETIME_SECONDS } = key
      const { id, secret, token } = newSessionToken()
      const now = clock.now()
      const row = {
        id,
        user_id: userId,
        secret_hash: hashSecret(secret),
        login_type: loginType,
        token_name: tokenName,
        scopes: JSON.stringify(key.scopes ?? [FULL_SCOPE]),
        allow_list: JSON.stringify(key.allowList ?? [EVERY_TARGET]),
        lifetime_seconds: lifetimeSeconds,
        created_at: now,
        updated_at: now,
        last_used: null,
        expires_at: now + lifetimeSeconds * 1000,
      }
      try {
        db.transaction(() => {
          removeExpiredSessions(userId)
          db.run(db.sql.insertInto('api_keys').values(row))
        })
      } catch (error) {
        if (!isUniqueViolation(error)) throw error
        throw new ApiError(409, {
          message: `A token with name "${tokenName}" already exists.`,
          validations: [{ field: 'name', detail: 'This value is already in use and should be unique.' }],
        })
      }
      return { id, token }
    },

    authenticate(credential) {
      if (credential === undefined) {
        throw signedOut('Cookie "coder_session_token" or query parameter must be provided.')
      }
      const key = findKey(credential)
      const user = db.first(db.sql.selectFrom('users').selectAll().where('id', '=', key.user_id))
      if (user?.deleted !== 0) throw signedOut('API key is invalid.')
      if (user.status === 'suspended') {
        throw new ApiError(401, {
          message: 'User is not active (status = "suspended"). Contact an admin to reactivate your account.',
        })
      }
      const wakes = user.status === 'dormant'
      if (wakes) {
        recordUse(() =>
          db.run(db.sql.updateTable('users').set({ status: 'active' }).where('id', '=', user.id)),
        )
      }
      touch(key)
      const roles = rolesOf(user)
      return {
        user: wakes ? { ...user, status: 'active' } : user,
        isOwner: roles.includes('owner'),
        roles,
        organizationRoles: organizationRolesOf(user.id),
        keyId: key.id,
        access: keyAccess(JSON.parse(key.scopes) as string[], JSON.parse(key.allow_list) as string[]),
      }
    },

    actFor(userId) {
      const user = db.first(db.sql.selectFrom('users').selectAll().where('id', '=', userId))
      if (user?.deleted !== 0 || user.status === 'suspended') throw signedOut('The account is not active.')
      const roles = rolesOf(user)
      return {
        user,
        isOwner: roles.includes('owner'),
        roles,
        organizationRoles: organizationRolesOf(user.id),
        keyId: '',
        access: keyAccess([FULL_SCOPE], [EVERY_TARGET]),
      }
    },

    lifeOf(keyId) {
      const key = db.first(
        db.sql
          .selectFrom('api_keys')
          .innerJoin('users', 'users.id', 'api_keys.user_id')
          .select(['api_keys.expires_at', 'users.status', 'users.deleted'])
          .where('api_keys.id', '=', keyId),
      )
      if (key?.deleted !== 0) return { endedBecause: 'You are signed out here.' }
      if (key.status === 'suspended') return { endedBecause: 'Your account is suspended.' }
      if (key.expires_at <= clock.now()) return { endedBecause: 'Your session has expired.' }
      return { endsAt: key.expires_at }
    },
    end(keyId) {
      const userId = ownerOf(keyId)
      db.run(db.sql.deleteFrom('api_keys').where('id', '=', keyId))
      if (userId !== undefined) userKeys.publish(userId)
    },
    endAll(userId) {
      db.run(db.sql.deleteFrom('api_keys').where('user_id', '=', userId))
      userKeys.publish(userId)
    },
    expire(keyId) {
      const now = clock.now()
      db.run(
        db.sql
          .updateTable('api_keys')
          .set({ expires_at: now, updated_at: now })
          .where('id', '=', keyId)
          .where('expires_at', '>', now),
      )
      const userId = ownerOf(keyId)
      if (userId !== undefined) userKeys.publish(userId)
    },
  }
}
