/** What a model makes of a chat as a whole: its title, and a summary that stands for what was said (agents-api 2, 12.4). */
import { z } from 'zod'
import { chatSchema } from './chats.ts'
import { defineRoute } from './route.ts'
import { answer } from './shape.ts'

export const proposeChatTitleResponseSchema = answer({ title: z.string() })
export type ProposeChatTitleResponse = z.output<typeof proposeChatTitleResponseSchema>

const chat = '/api/experimental/chats/{chat}'

/** 502: the model gave none. */
export const chatTitlesRoutes = {
  /** Makes a title and keeps it. */
  regenerate: defineRoute({
    method: 'POST',
    path: `${chat}/title/regenerate`,
    auth: 'user',
    status: 200,
    answer: chatSchema,
    errors: [400, 401, 403, 404, 502, 503],
  }),
  /** Makes a title, and keeps nothing. */
  propose: defineRoute({
    method: 'POST',
    path: `${chat}/title/propose`,
    auth: 'user',
    status: 200,
    answer: proposeChatTitleResponseSchema,
    errors: [400, 401, 403, 404, 502, 503],
  }),
  /**
   * Has what was said summarised now, so that the model has room again. Came after the rest of the API we speak. 409 while
   * the chat is at work.
   */
  compact: defineRoute({
    method: 'POST',
    path: `${chat}/compact`,
    auth: 'user',
    status: 200,
    answer: chatSchema,
    errors: [400, 401, 403, 404, 409, 503],
  }),
} as const
