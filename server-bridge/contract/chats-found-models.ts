/**
 * Servers of models that run on the server's own machine, and could be added as providers. Ours, not Coder's: a server
 * that has it lists the feature `chat-found-models`.
 */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, list, openEnum } from './shape.ts'

export const localModelServers = ['ollama', 'vllm', 'lm-studio'] as const
export type LocalModelServer = (typeof localModelServers)[number]

export const foundModelServerSchema = answer({
  kind: openEnum(localModelServers),
  /** What a provider of type `openai-compat` has as its `base_url`. */
  base_url: z.string(),
  version: z.string().optional(),
  /** Names of what it can run now. */
  models: list(z.string()),
  /** The name of the provider that has this address already. */
  provider: z.string().optional(),
})
export type FoundModelServer = z.output<typeof foundModelServerSchema>

export const chatFoundModelsRoutes = {
  /** Looks at the moment it is asked, and only there: nothing is called of its own accord. */
  find: defineRoute({
    method: 'GET',
    path: '/api/experimental/chats/found-models',
    auth: 'user',
    permission: { resource: 'ai_provider', actions: ['create'] },
    status: 200,
    answer: answer({ servers: list(foundModelServerSchema) }),
    errors: [401, 403],
  }),
} as const
