import { loginTypes, userStatuses } from '../../contract/users.ts'
import type { Database } from '../db/database.ts'
import { mayAct } from './authorization.ts'
import { siteRoles } from './role-catalogue.ts'
import {
  booleanTerm,
  enumTerm,
  parseSearchQuery,
  type SearchTerms,
  singleTerm,
  timeTerm,
} from './search-query.ts'
import { type Actor, rolesOf, type UserRow } from './sessions.ts'

const KEYS = new Set([
  'search',
  'name',
  'username',
  'email',
  'status',
  'role',
  'login_type',
  'service_account',
  'last_seen_before',
  'last_seen_after',
  'created_before',
  'created_after',
  'github_com_user_id',
])
const LISTED_LOGIN_TYPES = loginTypes.filter((type) => type !== '')
const LISTED_ROLES = ['member', ...siteRoles.map((role) => role.name)]

type Check = (row: UserRow) => boolean

export interface UserPage {
  /** 0: all. */
  readonly limit: number
  readonly offset: number
  /** The last one of the page before. */
  readonly afterId: string | undefined
}

export type SearchUsers = (
  query: string,
  page: UserPage,
  actor: Actor,
) => { readonly rows: UserRow[]; readonly count: number }

/** Compiles a search. @throws {ApiError} 400 for what cannot be searched. */
export function parseUserSearch(query: string): Check {
  const terms = parseSearchQuery(query, 'search', KEYS)
  const checks = [...textChecks(terms), ...stateChecks(terms), ...timeChecks(terms)]
  return (row) => checks.every((check) => check(row))
}

function textChecks(terms: SearchTerms): Check[] {
  const checks: Check[] = []
  const search = singleTerm(terms, 'search')
  if (search !== undefined) {
    checks.push((row) =>
      [row.username, row.email, row.name].some((held) => held.toLowerCase().includes(search)),
    )
  }
  const name = singleTerm(terms, 'name')
  if (name !== undefined) checks.push((row) => row.name.toLowerCase().includes(name))
  const username = singleTerm(terms, 'username')
  if (username !== undefined) checks.push((row) => row.username.toLowerCase() === username)
  const email = singleTerm(terms, 'email')
  if (email !== undefined) checks.push((row) => row.email.toLowerCase() === email)
  // No account here is joined to one of GitHub.
  if (singleTerm(terms, 'github_com_user_id') !== undefined) checks.push(() => false)
  return checks
}

function stateChecks(terms: SearchTerms): Check[] {
  const checks: Check[] = []
  const statuses = enumTerm(terms, 'status', userStatuses)
  if (statuses) checks.push((row) => statuses.includes(row.status))
  const roles = enumTerm(terms, 'role', LISTED_ROLES)
  // Everybody is a member.
  if (roles && !roles.includes('member')) {
    checks.push((row) => rolesOf(row).some((role) => roles.includes(role)))
  }
  const types = enumTerm(terms, 'login_type', LISTED_LOGIN_TYPES)
  if (types) checks.push((row) => types.includes(row.login_type))
  const isService = booleanTerm(terms, 'service_account')
  if (isService !== undefined) checks.push((row) => (row.service_account === 1) === isService)
  return checks
}

function timeChecks(terms: SearchTerms): Check[] {
  const seenBefore = timeTerm(terms, 'last_seen_before')
  const seenAfter = timeTerm(terms, 'last_seen_after')
  const createdBefore = timeTerm(terms, 'created_before')
  const createdAfter = timeTerm(terms, 'created_after')
  return [
    ({ last_seen_at: seen }) => seenBefore === undefined || (seen ?? 0) <= seenBefore,
    ({ last_seen_at: seen }) => seenAfter === undefined || (seen ?? 0) >= seenAfter,
    (row) => createdBefore === undefined || row.created_at <= createdBefore,
    (row) => createdAfter === undefined || row.created_at >= createdAfter,
  ]
}

/** Lists the accounts a caller may read, by name. */
export function createUserSearch(db: Database): SearchUsers {
  return (query, { limit, offset, afterId }, actor) => {
    const matches = parseUserSearch(query)
    const found = db
      .all(db.sql.selectFrom('users').selectAll().where('deleted', '=', 0).orderBy('username'))
      .filter((row) => mayAct(actor, 'read', { type: 'user', id: row.id, ownerId: row.id }) && matches(row))
    const last = afterId === undefined ? -1 : found.findIndex((row) => row.id === afterId)
    // As with Coder, what comes after somebody unknown is nobody.
    if (afterId !== undefined && last === -1) return { rows: [], count: found.length }
    const start = last + 1 + offset
    return { rows: found.slice(start, limit === 0 ? undefined : start + limit), count: found.length }
  }
}
