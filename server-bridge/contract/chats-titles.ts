/** Titles that the model makes for a chat (agents-api 2). */
import { z } from 'zod'
import { chatSchema } from './chats.ts'
import { defineRoute } from './route.ts'
import { answer } from './shape.ts'

export const proposeChatTitleResponseSchema = answer({ title: z.string() })

const title = '/api/experimental/chats/{chat}/title'
const owned = { method: 'POST', auth: 'user', status: 200, errors: [400, 401, 403, 404, 409] } as const

export const chatTitlesRoutes = {
  /** Makes one and stores it. */
  regenerate: defineRoute({ ...owned, path: `${title}/regenerate`, answer: chatSchema }),
  /** Makes one, and stores nothing. */
  propose: defineRoute({ ...owned, path: `${title}/propose`, answer: proposeChatTitleResponseSchema }),
} as const
