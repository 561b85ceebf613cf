/** What happens to the caller's own chats (agents-api 7): one JSON object a frame, nothing at the start. */
import { z } from 'zod'
import { chatSchema } from './chats.ts'
import { chatStreamToolCallSchema } from './chats-stream.ts'
import { defineRoute } from './route.ts'
import { answer, list, openEnum } from './shape.ts'

export const chatWatchEventKinds = [
  'status_change',
  'summary_change',
  /** Of `summary`; the one above is of `last_turn_summary`. */
  'chat_summary_change',
  'title_change',
  'created',
  'deleted',
  'diff_status_change',
  'action_required',
  'context_dirty',
] as const
export type ChatWatchEventKind = (typeof chatWatchEventKinds)[number]

/** `created` also of a chat that comes back from the archive, `deleted` of one that goes there. */
export const chatWatchEventSchema = answer({
  kind: openEnum(chatWatchEventKinds),
  chat: chatSchema,
  tool_calls: list(chatStreamToolCallSchema).optional(),
  /** Ours, not Coder's: as in the stream's `action_required`. */
  approvals: list(chatStreamToolCallSchema).optional(),
})
export type ChatWatchEvent = z.output<typeof chatWatchEventSchema>

/**
 * The event of one frame.
 *
 * @throws {SyntaxError} when it is no JSON event.
 */
export function parseChatWatchFrame(frame: string): ChatWatchEvent {
  const result = chatWatchEventSchema.safeParse(JSON.parse(frame))
  if (!result.success) throw new SyntaxError('An event about a chat has the wrong shape.')
  return result.data
}

export function formatChatWatchFrame(event: ChatWatchEvent): string {
  return JSON.stringify(event)
}

export const chatWatchRoutes = {
  watch: defineRoute({
    method: 'GET',
    path: '/api/experimental/chats/watch',
    auth: 'user',
    query: z.object({}),
    status: 101,
    errors: [401, 426],
    stream: 'object',
  }),
} as const
