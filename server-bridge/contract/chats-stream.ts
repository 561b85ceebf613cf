/**
 * What a chat's stream says (agents-api 6): WebSocket text frames, each a JSON array of events. A pure codec, and what a
 * reader needs to keep what it shows whole.
 */
import { z } from 'zod'
import { chatErrorKinds, chatErrorSchema, chatStatuses } from './chats.ts'
import {
  chatMessagePartSchema,
  chatMessageRoles,
  chatMessageSchema,
  chatQueuedMessageSchema,
} from './chats-messages.ts'
import { defineRoute } from './route.ts'
import { answer, datetime, list, openEnum, queryInteger, uuid } from './shape.ts'

export const chatStreamEventTypes = [
  'message_part',
  'message',
  'status',
  'error',
  'queue_update',
  'retry',
  'action_required',
  'preview_reset',
  'history_reset',
] as const

/** Parts of one episode, which is what `history_version` and `generation_attempt` name, count from 1 without a gap. */
export const chatStreamMessagePartSchema = answer({
  role: openEnum(chatMessageRoles).optional(),
  part: chatMessagePartSchema,
  history_version: z.int().optional(),
  generation_attempt: z.int().optional(),
  seq: z.int().optional(),
})
export type ChatStreamMessagePart = z.output<typeof chatStreamMessagePartSchema>

export const chatStreamRetrySchema = answer({
  attempt: z.int(),
  delay_ms: z.int(),
  error: z.string(),
  kind: openEnum(chatErrorKinds).optional(),
  provider: z.string().optional(),
  status_code: z.int().optional(),
  retrying_at: datetime,
})
export type ChatStreamRetry = z.output<typeof chatStreamRetrySchema>

export const chatStreamToolCallSchema = answer({
  tool_call_id: z.string(),
  tool_name: z.string(),
  /** JSON as text. */
  args: z.string(),
})
export type ChatStreamToolCall = z.output<typeof chatStreamToolCallSchema>
export const chatStreamActionRequiredSchema = answer({
  /** For the client to run. */
  tool_calls: list(chatStreamToolCallSchema),
  /** Ours, not Coder's: calls of the server's own tools that wait until the chat's owner allows or denies them. */
  approvals: list(chatStreamToolCallSchema).optional(),
})
export const chatStreamStatusSchema = answer({ status: openEnum(chatStatuses) })

export const chatStreamEventSchema = answer({
  type: openEnum(chatStreamEventTypes),
  chat_id: uuid,
  message: chatMessageSchema.optional(),
  message_part: chatStreamMessagePartSchema.optional(),
  status: chatStreamStatusSchema.optional(),
  error: chatErrorSchema.optional(),
  retry: chatStreamRetrySchema.optional(),
  /** The whole queue. Absent in a `queue_update`: it is empty. */
  queued_messages: list(chatQueuedMessageSchema).optional(),
  action_required: chatStreamActionRequiredSchema.optional(),
})
export type ChatStreamEvent = z.output<typeof chatStreamEventSchema>

const maxFrameEvents = 256
/** Clients of Coder's read frames of up to 4 MiB; UTF-8 is at most three bytes for each of these. */
const maxFrameChars = 1024 * 1024

/** The frames of some events, in order. An event that is larger than a frame should be has one of its own. */
export function formatChatStreamFrames(events: readonly ChatStreamEvent[]): string[] {
  const frames: string[] = []
  let texts: string[] = []
  let chars = 0
  const flush = (): void => {
    if (texts.length > 0) frames.push(`[${texts.join(',')}]`)
    texts = []
    chars = 0
  }
  for (const event of events) {
    const text = JSON.stringify(event)
    if (texts.length === maxFrameEvents || chars + text.length > maxFrameChars) flush()
    texts.push(text)
    chars += text.length
  }
  flush()
  return frames
}

/**
 * The events of one frame. Ones of types that are not known here stay in, to be passed over.
 *
 * @throws {SyntaxError} when it is no JSON array of events.
 */
export function parseChatStreamFrame(frame: string): ChatStreamEvent[] {
  const result = z.array(chatStreamEventSchema).safeParse(JSON.parse(frame))
  if (!result.success) throw new SyntaxError('A frame of a chat has the wrong shape.')
  return result.data
}

export const chatStreamRoutes = {
  /** `after_id` spares messages up to that one, unless any was ever taken back. */
  stream: defineRoute({
    method: 'GET',
    path: '/api/experimental/chats/{chat}/stream',
    auth: 'user',
    query: z.object({ after_id: queryInteger.optional() }),
    status: 101,
    errors: [400, 401, 404, 426, 503],
    stream: 'array',
  }),
} as const
