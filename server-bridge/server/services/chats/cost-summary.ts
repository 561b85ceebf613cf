import { sql, type SqlBool } from 'kysely'
import type { ChatCostSummary, ChatCostUsers, ChatUsageLimitStatus } from '../../../contract/chats-cost.ts'
import { badRequest } from '../../api-error.ts'
import type { Database } from '../../db/database.ts'
import { findsByName } from '../find-by-name.ts'
import { toWireTime } from '../wire-time.ts'
import { costSum, countOf, isRequest, isUnpriced } from './chat-spend.ts'

export interface CostRange {
  readonly from: number
  /** Not within it any more. */
  readonly until: number
}

const DEFAULT_DAYS = 30
const DAY_MS = 86_400_000
export const MAX_COST_USERS = 100
const DEFAULT_COST_USERS = 10

/** @throws {ApiError} 400 */
export function readCostRange(
  query: { readonly start_date?: string | undefined; readonly end_date?: string | undefined },
  now: number,
): CostRange {
  const read = (name: 'start_date' | 'end_date', otherwise: number): number => {
    const text = query[name]
    if (text === undefined || text === '') return otherwise
    const time = Date.parse(text)
    if (!/^\d{4}-\d{2}-\d{2}T/.test(text) || Number.isNaN(time))
      throw badRequest(`${name} has to be a time as in RFC 3339.`)
    return time
  }
  const until = read('end_date', now)
  const from = read('start_date', until - DEFAULT_DAYS * DAY_MS)
  if (from >= until) throw badRequest('end_date has to be after start_date.')
  return { from, until }
}

const tokens = (name: string) => sql<number>`coalesce(sum(${sql.ref(`chat_costs.${name}`)}), 0)`
const totals = [
  costSum.as('total_cost_micros'),
  tokens('input_tokens').as('total_input_tokens'),
  tokens('output_tokens').as('total_output_tokens'),
  tokens('cache_read_tokens').as('total_cache_read_tokens'),
  tokens('cache_creation_tokens').as('total_cache_creation_tokens'),
  sql<number>`coalesce(sum(chat_costs.runtime_ms), 0)`.as('total_runtime_ms'),
] as const
interface Totals {
  total_cost_micros: number
  total_input_tokens: number
  total_output_tokens: number
  total_cache_read_tokens: number
  total_cache_creation_tokens: number
  total_runtime_ms: number
}

/** Everything that was used in a time, also by what was taken back or removed: it was paid for. */
function costsIn(db: Database, { from, until }: CostRange) {
  return db.sql
    .selectFrom('chat_costs')
    .where('chat_costs.created_at', '>=', from)
    .where('chat_costs.created_at', '<', until)
}

/** What a user's chats cost in a time, whole and by model and by chat, the dearest first. */
export function summarizeCost(
  db: Database,
  {
    userId,
    range,
    limit,
  }: {
    readonly userId: string
    readonly range: CostRange
    readonly limit: ChatUsageLimitStatus
  },
): ChatCostSummary {
  const own = costsIn(db, range).where('chat_costs.user_id', '=', userId)
  const whole = db.first<Totals & { priced: number; unpriced: number }>(
    own.select([
      ...totals,
      countOf(sql<SqlBool>`chat_costs.cost_micros is not null`).as('priced'),
      countOf(isUnpriced).as('unpriced'),
    ]),
  )
  if (!whole) throw new Error('A sum had no row.')
  const { priced, unpriced, ...sums } = whole
  return {
    start_date: toWireTime(range.from),
    end_date: toWireTime(range.until),
    priced_message_count: priced,
    unpriced_message_count: unpriced,
    ...sums,
    by_model: costByModel(db, own),
    by_chat: costByChat(db, own),
    usage_limit: limit,
  }
}

type OwnCosts = ReturnType<typeof costsIn>

function costByModel(db: Database, costs: OwnCosts): ChatCostSummary['by_model'] {
  return db.all(
    costs
      .leftJoin('chat_model_configs as model', 'model.id', 'chat_costs.model_config_id')
      .leftJoin('ai_providers as provider', 'provider.id', 'model.ai_provider_id')
      .where(isRequest)
      .where('chat_costs.model_config_id', 'is not', null)
      .select([
        sql<string>`chat_costs.model_config_id`.as('model_config_id'),
        // Of a model that was removed only what it cost is left.
        orEmpty('model.display_name').as('display_name'),
        orEmpty('provider.name').as('provider'),
        orEmpty('model.model').as('model'),
        countOf(isRequest).as('message_count'),
        ...totals,
      ])
      .groupBy('chat_costs.model_config_id')
      .orderBy('total_cost_micros', 'desc')
      .orderBy('chat_costs.model_config_id'),
  )
}

function costByChat(db: Database, costs: OwnCosts): ChatCostSummary['by_chat'] {
  return db.all(
    costs
      // Of a chat that was removed only what it cost is left.
      .leftJoin('chats as root', 'root.id', 'chat_costs.root_chat_id')
      .select([
        // Sub-agents are a part of their root.
        'chat_costs.root_chat_id',
        orEmpty('root.title').as('chat_title'),
        countOf(isRequest).as('message_count'),
        ...totals,
      ])
      .groupBy('chat_costs.root_chat_id')
      .having(countOf(isRequest), '>', 0)
      .orderBy('total_cost_micros', 'desc')
      .orderBy('chat_costs.root_chat_id'),
  )
}

const orEmpty = (column: string) => sql<string>`coalesce(${sql.ref(column)}, '')`

export interface CostUsersPage {
  readonly range: CostRange
  /** Part of a user name or a name. */
  readonly username: string
  readonly limit: number | undefined
  readonly offset: number
}

/** What chats cost their owners, the dearest first. @throws {ApiError} 400 */
export function summarizeCostByUser(
  db: Database,
  { range, username, limit = DEFAULT_COST_USERS, offset }: CostUsersPage,
): ChatCostUsers {
  if (limit < 1 || limit > MAX_COST_USERS)
    throw badRequest(`limit has to be between 1 and ${MAX_COST_USERS}.`)
  let rows = costsIn(db, range).innerJoin('users', 'users.id', 'chat_costs.user_id').where(isRequest)
  if (username !== '') rows = rows.where(findsByName(['users.username', 'users.name'], username))
  const counted = db.first<{ count: number }>(
    rows.select(sql<number>`count(distinct chat_costs.user_id)`.as('count')),
  )
  return {
    start_date: toWireTime(range.from),
    end_date: toWireTime(range.until),
    count: counted?.count ?? 0,
    users: db.all(
      rows
        .select([
          'users.id as user_id',
          'users.username',
          'users.name',
          'users.avatar_url',
          countOf(isRequest).as('message_count'),
          sql<number>`count(distinct chat_costs.chat_id)`.as('chat_count'),
          ...totals,
        ])
        .groupBy('users.id')
        .orderBy('total_cost_micros', 'desc')
        .orderBy('users.username')
        .limit(limit)
        .offset(offset),
    ),
  }
}
