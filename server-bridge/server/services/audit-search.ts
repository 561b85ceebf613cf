import { auditActions, auditResourceTypes } from '../../contract/audit.ts'
import { buildReasons } from '../../contract/workspace-builds.ts'
import { isUuid } from '../../contract/uuid.ts'
import { ApiError } from '../api-error.ts'
import { enumTerm, parseSearchQuery, type SearchTerms, singleTerm } from './search-query.ts'

const KEYS = new Set([
  'resource_type',
  'action',
  'username',
  'email',
  'resource_id',
  'resource_target',
  'request_id',
  'date_from',
  'date_to',
  'organization',
  'build_reason',
])
const DAY_MS = 24 * 3_600_000

/** What is asked for; absent keys do not narrow. Texts are in lower case. */
export interface AuditFilter {
  readonly resourceTypes: readonly string[] | undefined
  readonly actions: readonly string[] | undefined
  readonly username: string | undefined
  readonly email: string | undefined
  readonly resourceId: string | undefined
  readonly resourceTarget: string | undefined
  readonly requestId: string | undefined
  /** Epoch milliseconds, inclusive. */
  readonly from: number | undefined
  /** Epoch milliseconds, exclusive. */
  readonly until: number | undefined
  /** Name or uuid. */
  readonly organization: string | undefined
  readonly buildReasons: readonly string[] | undefined
}

function refuse(field: string, detail: string): ApiError {
  return new ApiError(400, { message: 'Invalid audit search query.', validations: [{ field, detail }] })
}

function uuidTerm(terms: SearchTerms, key: string): string | undefined {
  const value = singleTerm(terms, key)
  if (value !== undefined && !isUuid(value)) {
    throw refuse(key, `Query param "${key}" must be a valid uuid`)
  }
  return value
}

/** The start of a day in UTC. */
function dayTerm(terms: SearchTerms, key: string): number | undefined {
  const value = singleTerm(terms, key)
  if (value === undefined) return undefined
  const day = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN
  // `2026-02-30` parses as a day of March.
  if (Number.isNaN(day) || new Date(day).toISOString().slice(0, 10) !== value) {
    throw refuse(key, `Query param "${key}" must be a date of the form YYYY-MM-DD`)
  }
  return day
}

/** Reads the search of the audit log. `caller` is who `me` stands for. @throws {ApiError} 400 */
export function parseAuditSearch(query: string, caller: string): AuditFilter {
  const terms = parseSearchQuery(query, 'resource_type', KEYS)
  const username = singleTerm(terms, 'username')
  const until = dayTerm(terms, 'date_to')
  return {
    resourceTypes: enumTerm(terms, 'resource_type', auditResourceTypes),
    actions: enumTerm(terms, 'action', auditActions),
    username: username === 'me' ? caller.toLowerCase() : username,
    email: singleTerm(terms, 'email'),
    resourceId: uuidTerm(terms, 'resource_id'),
    resourceTarget: singleTerm(terms, 'resource_target'),
    requestId: uuidTerm(terms, 'request_id'),
    from: dayTerm(terms, 'date_from'),
    until: until === undefined ? undefined : until + DAY_MS,
    organization: singleTerm(terms, 'organization'),
    buildReasons: enumTerm(terms, 'build_reason', buildReasons),
  }
}
