/** Chats with a model that works in a workspace (agents-api 3 and 5, state J). */
import { z } from 'zod'
import { chatInputPartSchema, chatPlanModeSchema, maxChatBodyBytes } from './chats-messages.ts'
import { defineRoute } from './route.ts'
import { answer, count, datetime, flag, list, map, openEnum, queryInteger, text, uuid } from './shape.ts'

/** `pending`, `paused` and `completed` are words of older servers: busy, idle and idle. */
export const chatStatuses = ['waiting', 'running', 'error', 'requires_action', 'interrupting'] as const
export type ChatStatus = (typeof chatStatuses)[number]
export const chatClientTypes = ['ui', 'api'] as const

export const chatErrorKinds = [
  'generic',
  'overloaded',
  'rate_limit',
  'timeout',
  'stream_silence_timeout',
  'auth',
  'config',
  'usage_limit',
  'missing_key',
  'provider_disabled',
] as const
export type ChatErrorKind = (typeof chatErrorKinds)[number]

export const chatErrorSchema = answer({
  message: z.string(),
  /** At most 500 characters. */
  detail: z.string().optional(),
  kind: openEnum(chatErrorKinds).optional(),
  provider: z.string().optional(),
  retryable: flag,
  status_code: z.int().optional(),
})
export type ChatError = z.output<typeof chatErrorSchema>

export const chatDiffStatusSchema = answer({
  chat_id: uuid,
  url: z.string().optional(),
  pull_request_state: z.string().optional(),
  pull_request_title: text,
  pull_request_draft: flag,
  changes_requested: flag,
  additions: count,
  deletions: count,
  changed_files: count,
  author_login: z.string().optional(),
  author_avatar_url: z.string().optional(),
  base_branch: z.string().optional(),
  head_branch: z.string().optional(),
  pr_number: z.int().optional(),
  commits: z.int().optional(),
  approved: z.boolean().optional(),
  reviewer_count: z.int().optional(),
  refreshed_at: datetime.optional(),
  stale_at: datetime.optional(),
})

export const chatFileMetadataSchema = answer({
  id: uuid,
  owner_id: uuid,
  organization_id: uuid,
  name: z.string(),
  mime_type: z.string(),
  created_at: datetime,
})

export const chatContextResourceSchema = answer({
  /** Where it lies in the workspace. */
  source: z.string(),
  kind: openEnum(['instruction_file', 'skill', 'mcp_config', 'mcp_server']),
  size_bytes: count,
  skill_name: z.string().optional(),
  skill_description: z.string().optional(),
  tools: list(answer({ name: z.string(), description: z.string().optional() })).optional(),
  status: openEnum(['ok', 'oversize', 'unreadable', 'invalid', 'excluded']),
  error: z.string().optional(),
})
export type ChatContextResource = z.output<typeof chatContextResourceSchema>

/** What of the workspace the model is told of. */
export const chatContextSchema = answer({
  /** It has changed since the chat took it; never here, where nothing is pinned. */
  dirty: flag,
  dirty_since: datetime.optional(),
  error: z.string().optional(),
  /** Where a chat is asked for by itself only. */
  resources: list(chatContextResourceSchema).optional(),
})

const chatFields = {
  id: uuid,
  organization_id: uuid,
  owner_id: uuid,
  owner_username: z.string().optional(),
  owner_name: z.string().optional(),
  workspace_id: uuid.optional(),
  build_id: uuid.optional(),
  agent_id: uuid.optional(),
  /** Of a sub-agent. */
  parent_chat_id: uuid.optional(),
  /** A root carries its own id. */
  root_chat_id: uuid.optional(),
  last_model_config_id: uuid,
  /** How hard the model thought last; of servers after July 2026. */
  last_reasoning_effort: z.string().optional(),
  title: text,
  status: openEnum(chatStatuses),
  plan_mode: openEnum(['plan']).optional(),
  last_error: chatErrorSchema.optional(),
  last_turn_summary: z.string().nullish(),
  /** What a model says of the whole chat; of servers after July 2026. */
  summary: z.string().nullish(),
  diff_status: chatDiffStatusSchema.optional(),
  created_at: datetime,
  updated_at: datetime,
  archived: flag,
  shared: flag,
  /** 0: not pinned. */
  pin_order: count,
  mcp_server_ids: list(uuid),
  labels: map(z.string()),
  files: list(chatFileMetadataSchema).optional(),
  context: chatContextSchema.optional(),
  /** Its turn waits until fewer others are at work; of servers after July 2026. */
  queued_for_capacity: z.boolean().optional(),
  /** True in rows of the list only. */
  has_unread: flag,
  warnings: list(z.string()).optional(),
  client_type: openEnum(chatClientTypes).default('api'),
}
/** A sub-agent has none of its own: one level is all there is. */
const childChatSchema = answer({ ...chatFields, children: list(z.unknown()) })
export const chatSchema = answer({ ...chatFields, children: list(childChatSchema) })
export type Chat = z.output<typeof chatSchema>

/** A tool that the client runs itself when the model calls it. */
export const dynamicToolSchema = z.object({
  name: z.string(),
  description: z.string().optional(),
  input_schema: z.unknown(),
})
export const maxDynamicTools = 250

export const createChatRequestSchema = z.object({
  organization_id: uuid,
  content: z.array(chatInputPartSchema),
  system_prompt: z.string().optional(),
  workspace_id: uuid.optional(),
  model_config_id: uuid.optional(),
  /** Of servers after July 2026; ours passes it over. */
  reasoning_effort: z.string().optional(),
  mcp_server_ids: z.array(uuid).optional(),
  labels: z.record(z.string(), z.string()).optional(),
  unsafe_dynamic_tools: z.array(dynamicToolSchema).optional(),
  plan_mode: chatPlanModeSchema.optional(),
  client_type: z.enum(chatClientTypes).optional(),
})
export type CreateChatRequest = z.output<typeof createChatRequestSchema>

export const updateChatRequestSchema = z.object({
  title: z.string().optional(),
  archived: z.boolean().optional(),
  /** The zero uuid unbinds. */
  workspace_id: uuid.optional(),
  /** 0 unpins. */
  pin_order: z.int().optional(),
  /** Replaces all. */
  labels: z.record(z.string(), z.string()).optional(),
  plan_mode: chatPlanModeSchema.optional(),
})
export type UpdateChatRequest = z.output<typeof updateChatRequestSchema>

export const toolResultSchema = z.object({
  tool_call_id: z.string(),
  output: z.unknown(),
  is_error: z.boolean().optional(),
})
export const submitToolResultsRequestSchema = z.object({ results: z.array(toolResultSchema) })

/** `label` is `key:value`; a client that needs more than one of them repeats the key in the address. */
const listQuerySchema = z.object({
  q: z.string().optional(),
  label: z.string().optional(),
  limit: queryInteger.optional(),
  offset: queryInteger.optional(),
  after_id: uuid.optional(),
})

const chats = '/api/experimental/chats'
const chat = `${chats}/{chat}`

export const chatsRoutes = {
  /** Roots only, pinned ones first; sub-agents ride inside `children`. */
  list: defineRoute({
    method: 'GET',
    path: chats,
    auth: 'user',
    permission: { resource: 'chat', actions: ['read'] },
    query: listQuerySchema,
    status: 200,
    answer: list(chatSchema),
    errors: [400, 401],
  }),
  create: defineRoute({
    method: 'POST',
    path: chats,
    auth: 'user',
    permission: { resource: 'chat', actions: ['create'] },
    body: createChatRequestSchema,
    maxBodyBytes: maxChatBodyBytes,
    status: 201,
    answer: chatSchema,
    errors: [400, 401, 403, 409, 413, 503],
  }),
  /** The newest chat of each of up to 25 workspaces, by the workspace. */
  byWorkspace: defineRoute({
    method: 'GET',
    path: `${chats}/by-workspace`,
    auth: 'user',
    query: z.object({ workspace_ids: z.string().optional() }),
    status: 200,
    answer: map(uuid),
    errors: [400, 401],
  }),
  get: defineRoute({
    method: 'GET',
    path: chat,
    auth: 'user',
    status: 200,
    answer: chatSchema,
    errors: [400, 401, 404],
  }),
  /** Field by field, not all or nothing. */
  update: defineRoute({
    method: 'PATCH',
    path: chat,
    auth: 'user',
    body: updateChatRequestSchema,
    status: 204,
    errors: [400, 401, 404, 409],
  }),
  /** 409 when there is nothing to stop: idle, or stopping already. */
  interrupt: defineRoute({
    method: 'POST',
    path: `${chat}/interrupt`,
    auth: 'user',
    status: 200,
    answer: chatSchema,
    errors: [400, 401, 404, 409],
  }),
  /** Has to name every pending call exactly once. */
  toolResults: defineRoute({
    method: 'POST',
    path: `${chat}/tool-results`,
    auth: 'user',
    body: submitToolResultsRequestSchema,
    status: 204,
    errors: [400, 401, 403, 404, 409],
  }),
} as const
