/** Keys of providers that users bring along (agents-api 10.4). No answer ever has a key in it. */
import { z } from 'zod'
import { aiProviderTypes } from './ai-providers.ts'
import { defineRoute } from './route.ts'
import { answer, flag, list, openEnum, text, uuid } from './shape.ts'

export const maxOwnKeyBytes = 10 * 1024

export const aiProviderSummarySchema = answer({
  id: uuid,
  type: openEnum(aiProviderTypes),
  name: z.string(),
  display_name: text,
  icon: text,
  enabled: flag,
  deleted: flag,
})
export const userAiProviderKeySchema = answer({
  provider: aiProviderSummarySchema,
  has_user_api_key: flag,
  has_provider_api_key: flag,
  byok_enabled: flag,
})
export type UserAIProviderKey = z.output<typeof userAiProviderKeySchema>

export const setUserAiProviderKeyRequestSchema = z.object({ api_key: z.string() })

const keys = '/api/v2/users/{user}/ai-provider-keys'
const read = { resource: 'user', actions: ['read_personal'] } as const
const update = { resource: 'user', actions: ['update_personal'] } as const

/** Of the caller only, administrators included. `{provider}` is an id or a name. */
export const aiProviderKeysRoutes = {
  list: defineRoute({
    method: 'GET',
    path: keys,
    auth: 'user',
    permission: read,
    status: 200,
    answer: list(userAiProviderKeySchema),
    errors: [401, 404],
  }),
  /** 403 where users may not bring their own, 412 for a provider that is switched off. */
  set: defineRoute({
    method: 'PUT',
    path: `${keys}/{provider}`,
    auth: 'user',
    permission: update,
    body: setUserAiProviderKeyRequestSchema,
    status: 200,
    answer: userAiProviderKeySchema,
    errors: [400, 401, 403, 404, 412],
  }),
  delete: defineRoute({
    method: 'DELETE',
    path: `${keys}/{provider}`,
    auth: 'user',
    permission: update,
    status: 204,
    errors: [401, 404],
  }),
} as const
