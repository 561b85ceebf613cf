/**
 * Providers of models and the models chats may use, for who may manage them. A provider's key crosses once, when it is
 * typed, and never comes back.
 */
import { z } from 'zod'
import {
  aiProviderKeyMutationSchema,
  aiProviderSchema,
  aiProviderTypes,
  bedrockSettingsSchema,
} from '#bridge/contract/ai-providers'
import { userAiProviderKeySchema } from '#bridge/contract/ai-provider-keys'
import { foundModelServerSchema } from '#bridge/contract/chats-found-models'
import { computerUseProviders } from '#bridge/contract/chats-config'
import {
  chatModelConfigSchema,
  createChatModelConfigRequestSchema,
  updateChatModelConfigRequestSchema,
} from '#bridge/contract/chats-models'
import { chatSwitchesSchema, updateChatSwitchesRequestSchema } from '#bridge/contract/chats-switches'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

const deploymentId = deploymentIdSchema
const providerId = z.uuid()
const modelConfigId = z.uuid()
const key = z.string().trim().min(1).max(10_240)

const providerFields = {
  display_name: z.string().max(128).optional(),
  icon: z.string().max(2048).optional(),
  base_url: z.string().trim().max(2048),
  settings: bedrockSettingsSchema.nullable().optional(),
}
const newProvider = z.strictObject({
  ...providerFields,
  type: z.enum(aiProviderTypes),
  name: z.string().max(64),
  enabled: z.boolean(),
  api_keys: z.array(key).max(20).optional(),
})
export type NewAIProvider = z.output<typeof newProvider>
const providerChanges = z.strictObject({
  ...z.object(providerFields).partial().shape,
  enabled: z.boolean().optional(),
  api_keys: z.array(aiProviderKeyMutationSchema.strict()).max(20).optional(),
})
export type AIProviderChanges = z.output<typeof providerChanges>

export const aiModels = {
  /** What the user may do, and what the deployment has. */
  access: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId }),
    output: z.object({
      mayManage: z.boolean(),
      /** All chats can be stopped at once. */
      hasSwitches: z.boolean(),
      /** Servers of models on the deployment's machine can be looked for. */
      hasFoundModels: z.boolean(),
    }),
    errors: [],
  }),
  list: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId }),
    output: z.object({ providers: z.array(aiProviderSchema), models: z.array(chatModelConfigSchema) }),
    errors: ['unsupported'],
  }),
  createProvider: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, provider: newProvider }),
    output: aiProviderSchema,
    errors: ['name_taken'],
  }),
  updateProvider: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, providerId, changes: providerChanges }),
    output: aiProviderSchema,
    errors: [],
  }),
  deleteProvider: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, providerId }),
    output: z.null(),
    errors: [],
  }),
  createModel: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, model: createChatModelConfigRequestSchema.strict() }),
    output: chatModelConfigSchema,
    /** `provider_off`: its provider is missing or switched off. */
    errors: ['name_taken', 'provider_off'],
  }),
  updateModel: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      deploymentId,
      modelConfigId,
      changes: updateChatModelConfigRequestSchema.strict(),
    }),
    output: chatModelConfigSchema,
    errors: ['name_taken', 'provider_off'],
  }),
  deleteModel: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, modelConfigId }),
    output: z.null(),
    errors: [],
  }),
  /** Ollama, vLLM or LM Studio on the deployment's own machine. */
  find: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId }),
    output: z.object({ servers: z.array(foundModelServerSchema) }),
    errors: ['unsupported'],
  }),
  switches: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId }),
    output: chatSwitchesSchema,
    errors: ['unsupported'],
  }),
  setSwitches: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, switches: updateChatSwitchesRequestSchema.strict() }),
    output: chatSwitchesSchema,
    errors: ['unsupported', 'set_at_start'],
  }),
  /** Whose models act on desktops. `unsupported`: the deployment has no desktops. */
  computerUse: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId }),
    output: z.object({
      provider: z.string(),
      /** Those that the deployment takes, as far as that is known before. */
      accepted: z.array(z.enum(computerUseProviders)),
    }),
    errors: ['unsupported'],
  }),
  setComputerUse: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, provider: z.enum(computerUseProviders) }),
    output: z.null(),
    /** In the deployment's words. */
    errors: ['refused'],
  }),
  /** Which providers the user has a key of their own for. */
  ownKeys: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId }),
    output: z.array(userAiProviderKeySchema),
    errors: ['unsupported'],
  }),
  setOwnKey: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, providerId, key }),
    output: userAiProviderKeySchema,
    errors: ['not_allowed', 'provider_off'],
  }),
  deleteOwnKey: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, providerId }),
    output: z.null(),
    errors: [],
  }),
} as const
