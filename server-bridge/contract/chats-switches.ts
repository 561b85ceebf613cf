/**
 * What an administrator switches for all chats at once. Ours, not Coder's, which has these as options of its start: a
 * server that has it lists the feature `chat-switches`.
 */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, flag } from './shape.ts'

export const chatSwitchesSchema = answer({
  /** No chat works, and whatever would begin work answers 503. Reading goes on. */
  stopped: flag,
  /** The server was started with `CODER_AI_GATEWAY_ENABLED=false`, so nobody can switch chats on while it runs. */
  stopped_at_start: flag,
  /** Whether users may bring keys of their own for providers: see ai-provider-keys.ts. */
  byok_enabled: flag,
})
export type ChatSwitchStates = z.output<typeof chatSwitchesSchema>

/** What is absent stays as it is. */
export const updateChatSwitchesRequestSchema = z.object({
  stopped: z.boolean().optional(),
  byok_enabled: z.boolean().optional(),
})
export type UpdateChatSwitchesRequest = z.output<typeof updateChatSwitchesRequestSchema>

const path = '/api/experimental/chats/config/switches'

export const chatSwitchesRoutes = {
  get: defineRoute({
    method: 'GET',
    path,
    auth: 'user',
    permission: 'signed-in',
    status: 200,
    answer: chatSwitchesSchema,
    errors: [401],
  }),
  /** 409 for switching on what the start switched off. Every chat is stopped when this answers. */
  update: defineRoute({
    method: 'PUT',
    path,
    auth: 'user',
    permission: { resource: 'deployment_config', actions: ['update'] },
    body: updateChatSwitchesRequestSchema,
    status: 200,
    answer: chatSwitchesSchema,
    errors: [400, 401, 403, 409],
  }),
} as const
