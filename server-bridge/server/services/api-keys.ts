import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import type { ApiKeyRow } from './sessions.ts'

export interface ApiKeys {
  find(id: string): ApiKeyRow | undefined
  /** By the name its owner gave it. */
  findToken(userId: string, name: string): ApiKeyRow | undefined
  /** Sign-ins of a user, which no route lists. */
  sessionsOf(userId: string): ApiKeyRow[]
  /** Tokens people made by hand, newest first; sessions are not listed. */
  tokens(filter: {
    readonly userId: string | undefined
    readonly includeExpired: boolean
  }): (ApiKeyRow & { username: string })[]
}

export function createApiKeys(db: Database, clock: Clock): ApiKeys {
  return {
    find: (id) => db.first(db.sql.selectFrom('api_keys').selectAll().where('id', '=', id)),
    findToken: (userId, name) =>
      db.first(
        db.sql
          .selectFrom('api_keys')
          .selectAll()
          .where('user_id', '=', userId)
          .where('login_type', '=', 'token')
          .where('token_name', '=', name),
      ),
    sessionsOf: (userId) =>
      db.all(
        db.sql
          .selectFrom('api_keys')
          .selectAll()
          .where('user_id', '=', userId)
          .where('login_type', '!=', 'token'),
      ),
    tokens: ({ userId, includeExpired }) =>
      db
        .all(
          db.sql
            .selectFrom('api_keys')
            .innerJoin('users', 'users.id', 'api_keys.user_id')
            .selectAll('api_keys')
            .select('users.username')
            .where('api_keys.login_type', '=', 'token')
            .orderBy('api_keys.created_at', 'desc'),
        )
        .filter(
          (row) =>
            (userId === undefined || row.user_id === userId) &&
            (includeExpired || row.expires_at > clock.now()),
        ),
  }
}
