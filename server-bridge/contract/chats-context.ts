/** What a chat was told of its workspace, where that is pinned (agents-api 2 and 3.1); ours reads it anew with each turn. */
import { chatSchema } from './chats.ts'
import { defineRoute } from './route.ts'

export const chatContextRoutes = {
  /** Tells the chat what the workspace has now. */
  refresh: defineRoute({
    method: 'PUT',
    path: '/api/experimental/chats/{chat}/context',
    auth: 'user',
    status: 200,
    answer: chatSchema,
    errors: [400, 401, 404, 409, 503],
  }),
} as const
