/** The models chats can use, and what an administrator set for them (agents-api 10). */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, datetime, flag, list, openEnum, requiredText, text, uuid } from './shape.ts'

/** USD for a million tokens, as a decimal; a number is taken as well. */
const price = z
  .union([z.string().regex(/^\d{1,9}(?:\.\d{1,9})?$/, 'must be a decimal'), z.number().min(0)])
  .transform(String)
  .optional()

export const chatModelCostSchema = z.object({
  input_price_per_million_tokens: price,
  output_price_per_million_tokens: price,
  cache_read_price_per_million_tokens: price,
  cache_write_price_per_million_tokens: price,
})
export type ChatModelCost = z.output<typeof chatModelCostSchema>

/** Options of each kind of provider are passed on by the server that knows them. */
const providerOptions = z.record(z.string(), z.unknown()).optional()
export const chatModelProviderOptionsSchema = z.object({
  openai: providerOptions,
  anthropic: providerOptions,
  google: providerOptions,
  openaicompat: providerOptions,
  openrouter: providerOptions,
  vercel: providerOptions,
})

export const chatModelCallConfigSchema = z.object({
  max_output_tokens: z.int().min(1).optional(),
  temperature: z.number().optional(),
  top_p: z.number().optional(),
  top_k: z.int().optional(),
  presence_penalty: z.number().optional(),
  frequency_penalty: z.number().optional(),
  cost: chatModelCostSchema.optional(),
  provider_options: chatModelProviderOptionsSchema.optional(),
})
export type ChatModelCallConfig = z.output<typeof chatModelCallConfigSchema>

/** Of servers after July 2026: how hard a model thinks when nothing is asked for, and at most. */
export const chatModelReasoningEffortSchema = answer({
  default: z.string().optional(),
  max: z.string().optional(),
})

export const chatModelConfigSchema = answer({
  id: uuid,
  ai_provider_id: uuid,
  model: z.string(),
  display_name: text,
  enabled: flag,
  is_default: flag,
  context_limit: z.int(),
  /** Percent. */
  compression_threshold: z.int(),
  model_config: chatModelCallConfigSchema
    .extend({ reasoning_effort: chatModelReasoningEffortSchema.optional() })
    .optional(),
  /** What a message may ask for; of servers after July 2026. */
  reasoning_efforts: list(z.string()).optional(),
  created_at: datetime,
  updated_at: datetime,
})
export type ChatModelConfig = z.output<typeof chatModelConfigSchema>

const settings = {
  display_name: z.string().optional(),
  enabled: z.boolean().optional(),
  is_default: z.boolean().optional(),
  context_limit: z.int().optional(),
  compression_threshold: z.int().optional(),
  model_config: chatModelCallConfigSchema.optional(),
}
export const createChatModelConfigRequestSchema = z.object({
  ...settings,
  ai_provider_id: uuid.optional(),
  model: requiredText,
})
export type CreateChatModelConfigRequest = z.output<typeof createChatModelConfigRequestSchema>
export const updateChatModelConfigRequestSchema = z.object({
  ...settings,
  ai_provider_id: uuid.optional(),
  model: z.string().optional(),
})
export type UpdateChatModelConfigRequest = z.output<typeof updateChatModelConfigRequestSchema>

export const chatModelSchema = answer({
  /** `provider:model` */
  id: z.string(),
  provider: z.string(),
  model: z.string(),
  display_name: text,
})
export const chatModelProviderSchema = answer({
  provider: z.string(),
  available: flag,
  unavailable_reason: openEnum(['missing_api_key', 'fetch_failed', 'user_api_key_required']).optional(),
  models: list(chatModelSchema),
})
export const chatUnsupportedProviderSchema = answer({ provider: z.string(), display_name: text })
export const chatModelsResponseSchema = answer({
  providers: list(chatModelProviderSchema),
  unsupported_providers: list(chatUnsupportedProviderSchema),
})
export type ChatModelsResponse = z.output<typeof chatModelsResponseSchema>

const configs = '/api/experimental/chats/model-configs'
/** What an administrator of the deployment does, whoever's chats it is for. */
const administered = { resource: 'deployment_config', actions: ['update'] } as const

export const chatModelsRoutes = {
  /** What a picker shows. The value to send is the id of a config. */
  usable: defineRoute({
    method: 'GET',
    path: '/api/experimental/chats/models',
    auth: 'user',
    status: 200,
    answer: chatModelsResponseSchema,
    errors: [401],
  }),
  /** Administrators see all, everybody else the enabled ones. */
  list: defineRoute({
    method: 'GET',
    path: configs,
    auth: 'user',
    status: 200,
    answer: list(chatModelConfigSchema),
    errors: [401],
  }),
  create: defineRoute({
    method: 'POST',
    path: configs,
    auth: 'user',
    permission: administered,
    body: createChatModelConfigRequestSchema,
    status: 201,
    answer: chatModelConfigSchema,
    errors: [400, 401, 403, 409, 412],
  }),
  update: defineRoute({
    method: 'PATCH',
    path: `${configs}/{modelconfig}`,
    auth: 'user',
    permission: administered,
    body: updateChatModelConfigRequestSchema,
    status: 200,
    answer: chatModelConfigSchema,
    errors: [400, 401, 403, 404, 409, 412],
  }),
  delete: defineRoute({
    method: 'DELETE',
    path: `${configs}/{modelconfig}`,
    auth: 'user',
    permission: administered,
    status: 204,
    errors: [400, 401, 403, 404],
  }),
} as const
