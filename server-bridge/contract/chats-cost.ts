/** What chats cost, and how much they may (agents-api 14.1). Micros are millionths of a USD. */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { responseSchema } from './response.ts'
import { answer, count, datetime, list, openEnum, queryInteger, text, uuid } from './shape.ts'

export const usagePeriods = ['day', 'week', 'month'] as const
export type UsagePeriod = (typeof usagePeriods)[number]

const totals = {
  total_cost_micros: count,
  total_input_tokens: count,
  total_output_tokens: count,
  total_cache_read_tokens: count,
  total_cache_creation_tokens: count,
  total_runtime_ms: count,
}

export const chatUsageLimitStatusSchema = answer({
  is_limited: z.boolean(),
  period: openEnum(usagePeriods).optional(),
  spend_limit_micros: z.int().nullish(),
  current_spend: count,
  period_start: datetime.optional(),
  period_end: datetime.optional(),
})
export type ChatUsageLimitStatus = z.output<typeof chatUsageLimitStatusSchema>

/** Why a chat was refused: 409 on create, send and edit. */
export const chatUsageLimitExceededSchema = answer({
  ...responseSchema.shape,
  spent_micros: z.int(),
  limit_micros: z.int(),
  /** Absent for the limit of one chat, which no new period lifts. */
  resets_at: datetime.optional(),
})
export type ChatUsageLimitExceeded = z.output<typeof chatUsageLimitExceededSchema>

/** The form of later servers; of a chat and its sub-agents. */
export const chatCostSchema = answer({
  chat_id: uuid,
  total_cost_micros: count,
  request_count: count,
  unpriced_request_count: count,
  /** Ours: what the chat may cost. Null: as much as its owner may spend. */
  spend_limit_micros: z.int().nullish(),
})
export type ChatCost = z.output<typeof chatCostSchema>

export const chatCostModelSchema = answer({
  model_config_id: uuid,
  display_name: text,
  provider: text,
  model: text,
  message_count: count,
  ...totals,
})
export const chatCostChatSchema = answer({
  root_chat_id: uuid,
  chat_title: text,
  message_count: count,
  ...totals,
})
export const chatCostSummarySchema = answer({
  start_date: datetime,
  end_date: datetime,
  priced_message_count: count,
  /** Without a price, so at no cost. */
  unpriced_message_count: count,
  ...totals,
  by_model: list(chatCostModelSchema),
  by_chat: list(chatCostChatSchema),
  usage_limit: chatUsageLimitStatusSchema.optional(),
})
export type ChatCostSummary = z.output<typeof chatCostSummarySchema>

const person = { user_id: uuid, username: text, name: text, avatar_url: text }
export const chatCostUsersSchema = answer({
  start_date: datetime,
  end_date: datetime,
  count,
  users: list(answer({ ...person, message_count: count, chat_count: count, ...totals })),
})
export type ChatCostUsers = z.output<typeof chatCostUsersSchema>

export const chatUsageOverrideSchema = answer({ ...person, spend_limit_micros: z.int() })
export type ChatUsageOverride = z.output<typeof chatUsageOverrideSchema>

export const chatUsageLimitsSchema = answer({
  /** Of each user in each period. Null: none. */
  spend_limit_micros: z.int().nullish(),
  /** Ours: of each chat, for ever. Null: none. */
  chat_spend_limit_micros: z.int().nullish(),
  period: openEnum(usagePeriods),
  updated_at: datetime.optional(),
  unpriced_model_count: count,
  overrides: list(chatUsageOverrideSchema),
  /** Groups need a license, so the local deployment has none. */
  group_overrides: list(
    answer({
      group_id: uuid,
      group_name: text,
      group_display_name: text,
      group_avatar_url: text,
      member_count: count,
      spend_limit_micros: z.int(),
    }),
  ),
})
export type ChatUsageLimits = z.output<typeof chatUsageLimitsSchema>

const micros = z.int().min(1)
export const updateChatUsageLimitsRequestSchema = z.object({
  spend_limit_micros: micros.nullable(),
  /** Absent: stays as it is. */
  chat_spend_limit_micros: micros.nullable().optional(),
  period: z.enum(usagePeriods),
})
export type UpdateChatUsageLimitsRequest = z.output<typeof updateChatUsageLimitsRequestSchema>
export const chatUsageOverrideRequestSchema = z.object({ spend_limit_micros: micros })
export const updateChatSpendLimitRequestSchema = z.object({ spend_limit_micros: micros.nullable() })

const chats = '/api/experimental/chats'
const dates = { start_date: z.string().optional(), end_date: z.string().optional() }
const administered = { resource: 'deployment_config', actions: ['update'] } as const

export const chatCostRoutes = {
  /** The last 30 days unless dates are given. */
  summary: defineRoute({
    method: 'GET',
    path: `${chats}/cost/{user}/summary`,
    auth: 'user',
    query: z.object(dates),
    status: 200,
    answer: chatCostSummarySchema,
    errors: [400, 401, 404],
  }),
  users: defineRoute({
    method: 'GET',
    path: `${chats}/cost/users`,
    auth: 'user',
    permission: administered,
    query: z.object({
      ...dates,
      username: z.string().optional(),
      limit: queryInteger.optional(),
      offset: queryInteger.optional(),
    }),
    status: 200,
    answer: chatCostUsersSchema,
    errors: [400, 401, 403],
  }),
  limits: defineRoute({
    method: 'GET',
    path: `${chats}/usage-limits`,
    auth: 'user',
    permission: administered,
    status: 200,
    answer: chatUsageLimitsSchema,
    errors: [401, 403],
  }),
  updateLimits: defineRoute({
    method: 'PUT',
    path: `${chats}/usage-limits`,
    auth: 'user',
    permission: administered,
    body: updateChatUsageLimitsRequestSchema,
    status: 200,
    answer: chatUsageLimitsSchema,
    errors: [400, 401, 403],
  }),
  /** Of the caller. */
  status: defineRoute({
    method: 'GET',
    path: `${chats}/usage-limits/status`,
    auth: 'user',
    status: 200,
    answer: chatUsageLimitStatusSchema,
    errors: [401],
  }),
  setOverride: defineRoute({
    method: 'PUT',
    path: `${chats}/usage-limits/overrides/{user}`,
    auth: 'user',
    permission: administered,
    body: chatUsageOverrideRequestSchema,
    status: 200,
    answer: chatUsageOverrideSchema,
    errors: [400, 401, 403, 404],
  }),
  deleteOverride: defineRoute({
    method: 'DELETE',
    path: `${chats}/usage-limits/overrides/{user}`,
    auth: 'user',
    permission: administered,
    status: 204,
    errors: [401, 403, 404],
  }),
  chat: defineRoute({
    method: 'GET',
    path: `${chats}/{chat}/cost`,
    auth: 'user',
    status: 200,
    answer: chatCostSchema,
    errors: [400, 401, 404],
  }),
  /** Ours: its owner says what one chat may cost; null lifts it. The deployment's own limit of chats stays. */
  limitChat: defineRoute({
    method: 'PUT',
    path: `${chats}/{chat}/cost/limit`,
    auth: 'user',
    body: updateChatSpendLimitRequestSchema,
    status: 200,
    answer: chatCostSchema,
    errors: [400, 401, 403, 404],
  }),
} as const
