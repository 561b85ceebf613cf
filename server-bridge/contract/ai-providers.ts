/** Providers of models and their keys, which go in and never come out (agents-api 10.3). */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, datetime, flag, list, openEnum, text, uuid } from './shape.ts'

export const aiProviderTypes = [
  'openai',
  'anthropic',
  'azure',
  'google',
  'openai-compat',
  'openrouter',
  'vercel',
  'bedrock',
  'copilot',
] as const
export type AIProviderType = (typeof aiProviderTypes)[number]

export const aiProviderKeySchema = answer({
  id: uuid,
  /** Enough of the key to tell it from another. */
  masked: z.string(),
  created_at: datetime,
})

export const aiProviderSchema = answer({
  id: uuid,
  type: openEnum(aiProviderTypes),
  name: z.string(),
  display_name: text,
  icon: text,
  enabled: flag,
  base_url: text,
  api_keys: list(aiProviderKeySchema),
  /** Null but for Bedrock; without what is secret. */
  settings: z.unknown(),
  created_at: datetime,
  updated_at: datetime,
})
export type AIProvider = z.output<typeof aiProviderSchema>

/** Settings of a provider as they are sent: those of Bedrock are the only ones there are. */
export const bedrockSettingsSchema = z.object({
  _type: z.literal('bedrock'),
  _version: z.literal(1),
  region: z.string().optional(),
  model: z.string().optional(),
  small_fast_model: z.string().optional(),
  access_key: z.string().optional(),
  access_key_secret: z.string().optional(),
  role_arn: z.string().optional(),
})
export type BedrockSettings = z.output<typeof bedrockSettingsSchema>

export const createAiProviderRequestSchema = z.object({
  type: z.enum(aiProviderTypes),
  name: z.string(),
  display_name: z.string().optional(),
  icon: z.string().optional(),
  enabled: z.boolean(),
  base_url: z.string(),
  api_keys: z.array(z.string()).optional(),
  settings: z.unknown().optional(),
})
export type CreateAIProviderRequest = z.output<typeof createAiProviderRequestSchema>

/** One key of the set that replaces the present one: `id` keeps one, `api_key` adds one. */
export const aiProviderKeyMutationSchema = z.object({
  id: uuid.optional(),
  api_key: z.string().optional(),
})
export const updateAiProviderRequestSchema = z.object({
  display_name: z.string().optional(),
  icon: z.string().optional(),
  enabled: z.boolean().optional(),
  base_url: z.string().optional(),
  api_keys: z.array(aiProviderKeyMutationSchema).optional(),
  settings: z.unknown().optional(),
})
export type UpdateAIProviderRequest = z.output<typeof updateAiProviderRequestSchema>

const providers = '/api/v2/ai/providers'
const one = `${providers}/{aiprovider}`
const read = { resource: 'ai_provider', actions: ['read'] } as const

/** Administrators only. `{aiprovider}` is an id or a name. */
export const aiProvidersRoutes = {
  list: defineRoute({
    method: 'GET',
    path: providers,
    auth: 'user',
    permission: read,
    status: 200,
    answer: list(aiProviderSchema),
    errors: [401, 403],
  }),
  create: defineRoute({
    method: 'POST',
    path: providers,
    auth: 'user',
    permission: { resource: 'ai_provider', actions: ['create'] },
    body: createAiProviderRequestSchema,
    status: 201,
    answer: aiProviderSchema,
    errors: [400, 401, 403, 409],
  }),
  get: defineRoute({
    method: 'GET',
    path: one,
    auth: 'user',
    permission: read,
    status: 200,
    answer: aiProviderSchema,
    errors: [401, 403, 404],
  }),
  update: defineRoute({
    method: 'PATCH',
    path: one,
    auth: 'user',
    permission: { resource: 'ai_provider', actions: ['update'] },
    body: updateAiProviderRequestSchema,
    status: 200,
    answer: aiProviderSchema,
    errors: [400, 401, 403, 404],
  }),
  delete: defineRoute({
    method: 'DELETE',
    path: one,
    auth: 'user',
    permission: { resource: 'ai_provider', actions: ['delete'] },
    status: 204,
    errors: [401, 403, 404],
  }),
} as const
