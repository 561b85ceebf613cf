import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import { findsByName } from './find-by-name.ts'
import { enumTerm, parseSearchQuery, singleTerm } from './search-query.ts'
import type { UserRow } from './sessions.ts'

/** Accounts a workspace can be made for, by a search. @throws {ApiError} 400 */
export type AvailableUsers = (query: string) => UserRow[]

const KEYS = new Set(['search', 'name', 'username', 'email', 'status'])
const STATUSES = ['active', 'dormant', 'suspended']

export function createAvailableUsers(db: Database): AvailableUsers {
  return (text) => {
    const terms = parseSearchQuery(text, 'search', KEYS)
    let query = db.sql.selectFrom('users').selectAll().orderBy('username')
    const part = singleTerm(terms, 'search')
    if (part !== undefined) {
      query = query.where(findsByName(['username', 'email', 'name'], part))
    }
    const name = singleTerm(terms, 'name')
    if (name !== undefined) query = query.where(findsByName(['name'], name))
    for (const key of ['username', 'email'] as const) {
      const value = singleTerm(terms, key)
      if (value !== undefined) query = query.where(sql<boolean>`lower(${sql.ref(key)}) = ${value}`)
    }
    const statuses = enumTerm(terms, 'status', STATUSES)
    return db.all(statuses ? query.where('status', 'in', statuses) : query)
  }
}
