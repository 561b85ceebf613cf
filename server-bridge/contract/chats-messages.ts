/** Messages of a chat, the parts they are made of, and the queue of what waits for its turn (agents-api 4). */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, datetime, list, openEnum, queryInteger, uuid } from './shape.ts'

export const chatMessageRoles = ['system', 'user', 'assistant', 'tool'] as const
export type ChatMessageRole = (typeof chatMessageRoles)[number]

/** Parts newer servers send have other types: shown as something unknown. */
export const chatMessagePartTypes = [
  'text',
  'reasoning',
  'tool-call',
  'tool-result',
  'source',
  'file',
  'file-reference',
  'context-file',
  'skill',
] as const

/**
 * One struct for every type of part, as in Coder, which also sends zero values of the other types' fields: `type` says
 * which fields mean something. Ids of what is absent may be null.
 */
export const chatMessagePartSchema = answer({
  type: openEnum(chatMessagePartTypes),
  text: z.string().optional(),
  tool_call_id: z.string().optional(),
  tool_name: z.string().optional(),
  mcp_server_config_id: uuid.nullish(),
  args: z.unknown().optional(),
  /** On the stream only: the next piece of the JSON of `args`. */
  args_delta: z.string().optional(),
  parsed_commands: list(z.array(z.string())).optional(),
  result: z.unknown().optional(),
  result_delta: z.string().optional(),
  result_reset: z.boolean().optional(),
  is_error: z.boolean().optional(),
  is_media: z.boolean().optional(),
  /** Ours, of a result: the owner denied the call, for this reason, which may be empty. It did not run. */
  denied_reason: z.string().optional(),
  source_id: z.string().optional(),
  url: z.string().optional(),
  title: z.string().optional(),
  media_type: z.string().optional(),
  name: z.string().optional(),
  /** Base64; absent when `file_id` is set. */
  data: z.string().optional(),
  file_id: uuid.nullish(),
  file_name: z.string().optional(),
  start_line: z.int().optional(),
  end_line: z.int().optional(),
  content: z.string().optional(),
  provider_executed: z.boolean().optional(),
  created_at: datetime.optional(),
  completed_at: datetime.optional(),
  context_file_path: z.string().optional(),
  context_file_truncated: z.boolean().optional(),
  context_file_agent_id: uuid.nullish(),
  skill_name: z.string().optional(),
  skill_description: z.string().optional(),
})
export type ChatMessagePart = z.output<typeof chatMessagePartSchema>

/** Tokens of one call to a model. `input_tokens` counts neither what was read from a cache nor what was put there. */
export const chatMessageUsageSchema = answer({
  input_tokens: z.int().optional(),
  output_tokens: z.int().optional(),
  total_tokens: z.int().optional(),
  reasoning_tokens: z.int().optional(),
  cache_creation_tokens: z.int().optional(),
  cache_read_tokens: z.int().optional(),
  context_limit: z.int().optional(),
})
export type ChatMessageUsage = z.output<typeof chatMessageUsageSchema>

export const chatMessageSchema = answer({
  /** Ascending within a chat. */
  id: z.int(),
  chat_id: uuid,
  created_by: uuid.optional(),
  model_config_id: uuid.optional(),
  created_at: datetime,
  role: openEnum(chatMessageRoles),
  content: list(chatMessagePartSchema).optional(),
  usage: chatMessageUsageSchema.optional(),
})
export type ChatMessage = z.output<typeof chatMessageSchema>

export const chatQueuedMessageSchema = answer({
  id: z.int(),
  chat_id: uuid,
  model_config_id: uuid.optional(),
  content: list(chatMessagePartSchema),
  created_at: datetime,
})
export type ChatQueuedMessage = z.output<typeof chatQueuedMessageSchema>

export const chatMessagesResponseSchema = answer({
  messages: list(chatMessageSchema),
  queued_messages: list(chatQueuedMessageSchema),
  has_more: z.boolean(),
})
export type ChatMessagesResponse = z.output<typeof chatMessagesResponseSchema>

/** What people may send. What of it belongs to which type is the server's to check, in its own words. */
export const chatInputPartSchema = z.object({
  type: z.enum(['text', 'file', 'file-reference']),
  text: z.string().optional(),
  file_id: z.string().optional(),
  file_name: z.string().optional(),
  start_line: z.int().optional(),
  end_line: z.int().optional(),
  content: z.string().optional(),
})
export type ChatInputPart = z.output<typeof chatInputPartSchema>

/** Create, send and edit take no larger body. */
export const maxChatBodyBytes = 256 * 1024
export const maxQueuedChatMessages = 20

export const chatPlanModeSchema = z.enum(['plan', ''])

export const createChatMessageRequestSchema = z.object({
  content: z.array(chatInputPartSchema),
  model_config_id: uuid.optional(),
  /** Absent: unchanged; empty: none. */
  mcp_server_ids: z.array(uuid).optional(),
  /** Absent: `queue`. */
  busy_behavior: z.enum(['queue', 'interrupt']).optional(),
  plan_mode: chatPlanModeSchema.optional(),
  /** Of servers after July 2026; ours passes it over. */
  reasoning_effort: z.string().optional(),
})
export type CreateChatMessageRequest = z.output<typeof createChatMessageRequestSchema>

export const createChatMessageResponseSchema = answer({
  message: chatMessageSchema.optional(),
  queued_message: chatQueuedMessageSchema.optional(),
  queued: z.boolean(),
  warnings: list(z.string()).optional(),
})
export type CreateChatMessageResponse = z.output<typeof createChatMessageResponseSchema>

export const editChatMessageRequestSchema = z.object({
  content: z.array(chatInputPartSchema),
  model_config_id: uuid.optional(),
  /** As in CreateChatMessageRequest. */
  reasoning_effort: z.string().optional(),
})
export type EditChatMessageRequest = z.output<typeof editChatMessageRequestSchema>
export const editChatMessageResponseSchema = answer({
  message: chatMessageSchema,
  warnings: list(z.string()).optional(),
})

export const chatPromptSchema = answer({ id: z.int(), text: z.string() })
export const chatPromptsResponseSchema = answer({ prompts: list(chatPromptSchema) })

/** The server answers without a message where the prompted one waits for the running turn to stop. */
export const promoteChatMessageResponseSchema = answer({ message: chatMessageSchema.optional() })

const chat = '/api/experimental/chats/{chat}'

export const chatMessagesRoutes = {
  /** Newest first, but oldest first with `after_id` alone. Only without a cursor the queue comes along. */
  list: defineRoute({
    method: 'GET',
    path: `${chat}/messages`,
    auth: 'user',
    query: z.object({
      before_id: queryInteger.optional(),
      after_id: queryInteger.optional(),
      limit: queryInteger.optional(),
    }),
    status: 200,
    answer: chatMessagesResponseSchema,
    errors: [400, 401, 404],
  }),
  send: defineRoute({
    method: 'POST',
    path: `${chat}/messages`,
    auth: 'user',
    body: createChatMessageRequestSchema,
    maxBodyBytes: maxChatBodyBytes,
    status: 200,
    answer: createChatMessageResponseSchema,
    errors: [400, 401, 403, 404, 409, 413, 429, 503],
  }),
  /** The message and all after it go, the queue is emptied, and the chat runs on from the replacement, which has a new id. */
  edit: defineRoute({
    method: 'PATCH',
    path: `${chat}/messages/{message}`,
    auth: 'user',
    body: editChatMessageRequestSchema,
    maxBodyBytes: maxChatBodyBytes,
    status: 200,
    answer: editChatMessageResponseSchema,
    errors: [400, 401, 403, 404, 409, 413, 503],
  }),
  prompts: defineRoute({
    method: 'GET',
    path: `${chat}/prompts`,
    auth: 'user',
    query: z.object({ limit: queryInteger.optional() }),
    status: 200,
    answer: chatPromptsResponseSchema,
    errors: [400, 401, 404],
  }),
  deleteQueued: defineRoute({
    method: 'DELETE',
    path: `${chat}/queue/{queuedmessage}`,
    auth: 'user',
    status: 204,
    errors: [400, 401, 404, 409],
  }),
  promoteQueued: defineRoute({
    method: 'POST',
    path: `${chat}/queue/{queuedmessage}/promote`,
    auth: 'user',
    status: 202,
    answer: promoteChatMessageResponseSchema,
    errors: [400, 401, 403, 404, 409, 503],
  }),
} as const
