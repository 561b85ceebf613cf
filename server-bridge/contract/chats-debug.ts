/** What was asked of models for a chat and what they answered, kept where debug logging is on (agents-api 9.1, 9.3). */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, count, datetime, list, map, openEnum, uuid } from './shape.ts'

export const chatDebugRunKinds = ['chat_turn', 'title_generation', 'quickgen', 'compaction'] as const
export type ChatDebugRunKind = (typeof chatDebugRunKinds)[number]
export const chatDebugStatuses = ['in_progress', 'completed', 'error', 'interrupted'] as const
export type ChatDebugStatus = (typeof chatDebugStatuses)[number]
export const chatDebugStepOperations = ['stream', 'generate'] as const
export type ChatDebugStepOperation = (typeof chatDebugStepOperations)[number]

/** Newest first, and no more of one chat. */
export const maxListedDebugRuns = 100

/** What a deployment writes of a call has names of its own. */
const anything = map(z.unknown())
const something = z.record(z.string(), z.unknown()).nullish()
const times = { started_at: datetime, updated_at: datetime, finished_at: datetime.optional() }

export const chatDebugRunSummarySchema = answer({
  id: uuid,
  chat_id: uuid,
  kind: openEnum(chatDebugRunKinds),
  status: openEnum(chatDebugStatuses),
  provider: z.string().optional(),
  model: z.string().optional(),
  summary: anything,
  ...times,
})
export type ChatDebugRunSummary = z.output<typeof chatDebugRunSummarySchema>

export const chatDebugStepSchema = answer({
  id: uuid,
  run_id: uuid,
  chat_id: uuid,
  step_number: count,
  operation: openEnum(chatDebugStepOperations),
  status: openEnum(chatDebugStatuses),
  history_tip_message_id: z.int().optional(),
  assistant_message_id: z.int().optional(),
  normalized_request: anything,
  normalized_response: something,
  usage: something,
  attempts: list(z.record(z.string(), z.unknown())),
  error: something,
  metadata: anything,
  ...times,
})
export type ChatDebugStep = z.output<typeof chatDebugStepSchema>

export const chatDebugRunSchema = answer({
  ...chatDebugRunSummarySchema.shape,
  root_chat_id: uuid.optional(),
  parent_chat_id: uuid.optional(),
  model_config_id: uuid.optional(),
  trigger_message_id: z.int().optional(),
  history_tip_message_id: z.int().optional(),
  steps: list(chatDebugStepSchema),
})
export type ChatDebugRun = z.output<typeof chatDebugRunSchema>

export const chatDebugLoggingAdminSettingsSchema = answer({
  /** Whether everybody may switch it on for their own chats. */
  allow_users: z.boolean(),
  /** On for all chats, whatever anybody switches. */
  forced_by_deployment: z.boolean(),
})
export type ChatDebugLoggingAdminSettings = z.output<typeof chatDebugLoggingAdminSettingsSchema>
export const updateChatDebugLoggingAllowUsersRequestSchema = z.object({ allow_users: z.boolean() })

export const userChatDebugLoggingSettingsSchema = answer({
  /** Whether it is on for the chats of the caller. */
  debug_logging_enabled: z.boolean(),
  user_toggle_allowed: z.boolean(),
  forced_by_deployment: z.boolean(),
})
export type UserChatDebugLoggingSettings = z.output<typeof userChatDebugLoggingSettingsSchema>
export const updateUserChatDebugLoggingRequestSchema = z.object({ debug_logging_enabled: z.boolean() })

/** 0: debug runs are kept for as long as their chat. */
export const chatDebugRetentionDaysResponseSchema = answer({ debug_retention_days: z.int() })
export const updateChatDebugRetentionDaysRequestSchema = z.object({ debug_retention_days: z.int() })

const chats = '/api/experimental/chats'
const config = `${chats}/config`
const get = { method: 'GET', auth: 'user', status: 200 } as const
const put = { method: 'PUT', auth: 'user', status: 204 } as const
const administered = { resource: 'deployment_config', actions: ['update'] } as const
const administeredRead = { resource: 'deployment_config', actions: ['read'] } as const

export const chatDebugRoutes = {
  /** 404 for whoever only reads the chat along. */
  runs: defineRoute({
    ...get,
    path: `${chats}/{chat}/debug/runs`,
    answer: list(chatDebugRunSummarySchema),
    errors: [400, 401, 404],
  }),
  run: defineRoute({
    ...get,
    path: `${chats}/{chat}/debug/runs/{run}`,
    answer: chatDebugRunSchema,
    errors: [400, 401, 404],
  }),
} as const

export const chatDebugConfigRoutes = {
  /** Who may not change it is not told what it is. */
  logging: defineRoute({
    ...get,
    path: `${config}/debug-logging`,
    permission: administeredRead,
    answer: chatDebugLoggingAdminSettingsSchema,
    errors: [401, 404],
  }),
  updateLogging: defineRoute({
    ...put,
    path: `${config}/debug-logging`,
    permission: administered,
    body: updateChatDebugLoggingAllowUsersRequestSchema,
    errors: [400, 401, 403],
  }),
  ownLogging: defineRoute({
    ...get,
    path: `${config}/user-debug-logging`,
    answer: userChatDebugLoggingSettingsSchema,
    errors: [401],
  }),
  /** 409 where the deployment forces it, 403 where an administrator does not allow it. */
  updateOwnLogging: defineRoute({
    ...put,
    path: `${config}/user-debug-logging`,
    body: updateUserChatDebugLoggingRequestSchema,
    errors: [400, 401, 403, 409],
  }),
  retentionDays: defineRoute({
    ...get,
    path: `${config}/debug-retention-days`,
    answer: chatDebugRetentionDaysResponseSchema,
    errors: [401],
  }),
  updateRetentionDays: defineRoute({
    ...put,
    path: `${config}/debug-retention-days`,
    permission: administered,
    body: updateChatDebugRetentionDaysRequestSchema,
    errors: [400, 401, 403],
  }),
} as const
