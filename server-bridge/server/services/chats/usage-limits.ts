import type {
  ChatCost,
  ChatUsageLimitExceeded,
  ChatUsageLimits,
  ChatUsageLimitStatus,
  ChatUsageOverride,
  UpdateChatUsageLimitsRequest,
  UsagePeriod,
} from '../../../contract/chats-cost.ts'
import type { Clock } from '../../../lib/clock.ts'
import { ApiError, notFound } from '../../api-error.ts'
import type { Database } from '../../db/database.ts'
import { keptQuery } from '../../db/kept-query.ts'
import { toWireTime } from '../wire-time.ts'
import { type ChatSpend, createChatSpend } from './chat-spend.ts'
import type { ModelConfigs } from './model-configs.ts'
import { isPriced } from './model-cost.ts'
import { periodAt } from './usage-period.ts'

/** The chat a limit is asked for; without an id one that is yet to be. */
export interface SpendingChat {
  readonly id?: string
  readonly owner_id: string
  /** Of a sub-agent, which spends what its root may. */
  readonly parent_chat_id?: string | null
}

export interface UsageLimits {
  limits(): ChatUsageLimits
  update(request: UpdateChatUsageLimitsRequest): ChatUsageLimits
  status(userId: string): ChatUsageLimitStatus
  setOverride(userId: string, micros: number): ChatUsageOverride
  /** @throws {ApiError} 404 where there is none */
  removeOverride(userId: string): void
  chatCost(chatId: string): ChatCost
  limitChat(chatId: string, micros: number | null): ChatCost
  /** What keeps the chat from calling its model; `undefined`: nothing does. */
  refusal(chat: SpendingChat): ChatUsageLimitExceeded | undefined
  /** @throws {ApiError} 409 */
  require(chat: SpendingChat): void
}

export interface UsageLimitsDeps {
  readonly db: Database
  readonly clock: Clock
  readonly modelConfigs: Pick<ModelConfigs, 'list'>
}

const MICROS = 1_000_000

export function createUsageLimits({ db, clock, modelConfigs }: UsageLimitsDeps): UsageLimits {
  const spend = createChatSpend(db)
  const stored = createLimitsReader(db)
  const overrideOf = keptQuery((userId: string) =>
    db.sql.selectFrom('chat_usage_overrides').select('spend_limit_micros').where('user_id', '=', userId),
  )
  const ofOneChat = keptQuery((chatId: string) =>
    db.sql.selectFrom('chat_spend_limits').select('spend_limit_micros').where('chat_id', '=', chatId),
  )
  const userLimit = (userId: string, general: StoredLimits): number | null =>
    db.firstKept(overrideOf(userId))?.spend_limit_micros ?? general.spend_limit_micros
  /** The narrower one of the deployment's limit and the owner's. */
  const chatLimit = (chatId: string | undefined, general: StoredLimits): number | null => {
    const own = chatId === undefined ? undefined : db.firstKept(ofOneChat(chatId))
    const limits = [own?.spend_limit_micros, general.chat_spend_limit_micros].filter(
      (limit) => limit !== undefined && limit !== null,
    )
    return limits.length === 0 ? null : Math.min(...limits)
  }
  const limits = (): ChatUsageLimits => ({
    spend_limit_micros: stored().spend_limit_micros,
    chat_spend_limit_micros: stored().chat_spend_limit_micros,
    period: stored().period,
    ...(stored().updated_at === 0 ? {} : { updated_at: toWireTime(stored().updated_at) }),
    unpriced_model_count: modelConfigs.list(false).filter((model) => !isPriced(model.model_config?.cost))
      .length,
    overrides: overridesOf(db),
    group_overrides: [],
  })
  const chatCost = (chatId: string): ChatCost => toChatCost(spend, chatId, chatLimit(chatId, stored()))
  const refusal: UsageLimits['refusal'] = (chat) => {
    const general = stored()
    const limit = userLimit(chat.owner_id, general)
    const { start, end } = periodAt(general.period, clock.now())
    const spent = limit === null ? 0 : spend.ofUser(chat.owner_id, start)
    if (limit !== null && spent >= limit) return userRefusal({ spent, limit, end })
    const rootId = chat.parent_chat_id ?? chat.id
    const ofChat = chatLimit(rootId, general)
    const spentByChat = ofChat === null || rootId === undefined ? 0 : spend.ofChat(rootId).costMicros
    if (ofChat !== null && spentByChat >= ofChat) return chatRefusal(spentByChat, ofChat)
    return undefined
  }

  return {
    limits,
    chatCost,
    refusal,
    update(request) {
      const values = {
        spend_limit_micros: request.spend_limit_micros,
        chat_spend_limit_micros:
          request.chat_spend_limit_micros === undefined
            ? stored().chat_spend_limit_micros
            : request.chat_spend_limit_micros,
        period: request.period,
        updated_at: clock.now(),
      }
      db.run(
        db.sql
          .insertInto('chat_usage_limits')
          .values({ id: 1, ...values })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(values)),
      )
      return limits()
    },
    status(userId) {
      const general = stored()
      const { period } = general
      const limit = userLimit(userId, general)
      const { start, end } = periodAt(period, clock.now())
      return {
        is_limited: limit !== null,
        period,
        ...(limit === null ? {} : { spend_limit_micros: limit }),
        current_spend: spend.ofUser(userId, start),
        period_start: toWireTime(start),
        period_end: toWireTime(end),
      }
    },
    setOverride(userId, micros) {
      const values = { spend_limit_micros: micros }
      db.run(
        db.sql
          .insertInto('chat_usage_overrides')
          .values({ user_id: userId, ...values })
          .onConflict((conflict) => conflict.column('user_id').doUpdateSet(values)),
      )
      const row = overridesOf(db).find((one) => one.user_id === userId)
      if (!row) throw notFound()
      return row
    },
    removeOverride(userId) {
      if (db.run(db.sql.deleteFrom('chat_usage_overrides').where('user_id', '=', userId)) === 0)
        throw notFound()
    },
    limitChat(chatId, micros) {
      limitOneChat(db, chatId, micros)
      return chatCost(chatId)
    },
    require(chat) {
      const refused = refusal(chat)
      if (refused) throw new ApiError(409, refused)
    },
  }
}

function createLimitsReader(db: Database) {
  const query = keptQuery(() => db.sql.selectFrom('chat_usage_limits').selectAll().where('id', '=', 1))
  return () => {
    const row = db.firstKept(query())
    return {
      spend_limit_micros: row?.spend_limit_micros ?? null,
      chat_spend_limit_micros: row?.chat_spend_limit_micros ?? null,
      period: (row?.period ?? 'month') as UsagePeriod,
      updated_at: row?.updated_at ?? 0,
    }
  }
}
type StoredLimits = ReturnType<ReturnType<typeof createLimitsReader>>

function overridesOf(db: Database): ChatUsageOverride[] {
  return db.all(
    db.sql
      .selectFrom('chat_usage_overrides')
      .innerJoin('users', 'users.id', 'chat_usage_overrides.user_id')
      .select(['user_id', 'username', 'name', 'avatar_url', 'spend_limit_micros'])
      .where('users.deleted', '=', 0)
      .orderBy('username'),
  )
}

function limitOneChat(db: Database, chatId: string, micros: number | null): void {
  if (micros === null) {
    db.run(db.sql.deleteFrom('chat_spend_limits').where('chat_id', '=', chatId))
    return
  }
  const values = { spend_limit_micros: micros }
  db.run(
    db.sql
      .insertInto('chat_spend_limits')
      .values({ chat_id: chatId, ...values })
      .onConflict((conflict) => conflict.column('chat_id').doUpdateSet(values)),
  )
}

function toChatCost(spend: ChatSpend, chatId: string, limit: number | null): ChatCost {
  const { costMicros, requests, unpriced } = spend.ofChat(chatId)
  return {
    chat_id: chatId,
    total_cost_micros: costMicros,
    request_count: requests,
    unpriced_request_count: unpriced,
    spend_limit_micros: limit,
  }
}

/** Rounded so that what was spent never looks like less than it is. */
const usd = (micros: number, round: (value: number) => number): string =>
  `${(round((micros / MICROS) * 100) / 100).toFixed(2)} USD`
const pair = (spent: number, limit: number): string =>
  limit < MICROS / 100
    ? `${spent} of ${limit} millionths of a USD are spent`
    : `${usd(spent, Math.ceil)} of ${usd(limit, Math.floor)} are spent`

function userRefusal({
  spent,
  limit,
  end,
}: {
  readonly spent: number
  readonly limit: number
  readonly end: number
}): ChatUsageLimitExceeded {
  const resetsAt = toWireTime(end)
  return {
    message: `Your limit for chats is reached: ${pair(spent, limit)}. It begins anew on ${resetsAt.slice(0, 10)} (UTC); an administrator can raise it.`,
    spent_micros: spent,
    limit_micros: limit,
    resets_at: resetsAt,
  }
}

function chatRefusal(spent: number, limit: number): ChatUsageLimitExceeded {
  return {
    message: `The limit of this chat is reached: ${pair(spent, limit)}. Raise it, or go on in a new chat.`,
    spent_micros: spent,
    limit_micros: limit,
  }
}
