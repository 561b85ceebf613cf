/** Settings of chats: the deployment's, and everybody's own (agents-api 9.1). */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, list, openEnum, text, uuid } from './shape.ts'

export const maxSystemPromptBytes = 128 * 1024

export const chatSystemPromptResponseSchema = answer({
  system_prompt: text,
  include_default_system_prompt: z.boolean(),
  default_system_prompt: text,
})
export type ChatSystemPromptResponse = z.output<typeof chatSystemPromptResponseSchema>
export const updateChatSystemPromptRequestSchema = z.object({
  system_prompt: z.string(),
  /** Absent: unchanged. */
  include_default_system_prompt: z.boolean().optional(),
})

export const chatPlanModeInstructionsResponseSchema = answer({ plan_mode_instructions: text })
export const updateChatPlanModeInstructionsRequestSchema = z.object({ plan_mode_instructions: z.string() })

export const userChatCustomPromptSchema = z.object({ custom_prompt: z.string() })

export const modelOverrideContexts = ['general', 'explore', 'title_generation'] as const
export type ModelOverrideContext = (typeof modelOverrideContexts)[number]
export const chatModelOverrideResponseSchema = answer({
  context: openEnum(modelOverrideContexts),
  /** Empty: none. */
  model_config_id: text,
  /** The model it names is gone. */
  is_malformed: z.boolean(),
})
export type ChatModelOverrideResponse = z.output<typeof chatModelOverrideResponseSchema>
export const updateChatModelOverrideRequestSchema = z.object({ model_config_id: z.string() })

export const chatPersonalModelOverridesAdminSettingsSchema = answer({ allow_users: z.boolean() })
export const updateChatPersonalModelOverridesAdminSettingsRequestSchema = z.object({
  allow_users: z.boolean(),
})

export const personalOverrideContexts = ['root', 'general', 'explore'] as const
export type PersonalOverrideContext = (typeof personalOverrideContexts)[number]
export const personalOverrideModes = ['deployment_default', 'chat_default', 'model'] as const
export type PersonalOverrideMode = (typeof personalOverrideModes)[number]
export const chatPersonalModelOverrideSchema = answer({
  context: openEnum(personalOverrideContexts),
  mode: openEnum(personalOverrideModes),
  model_config_id: text,
  is_set: z.boolean(),
  is_malformed: z.boolean(),
})
export type ChatPersonalModelOverride = z.output<typeof chatPersonalModelOverrideSchema>
export const chatPersonalModelOverrideDeploymentDefaultsSchema = answer({
  general: chatModelOverrideResponseSchema,
  explore: chatModelOverrideResponseSchema,
})
export const userChatPersonalModelOverridesResponseSchema = answer({
  enabled: z.boolean(),
  root: chatPersonalModelOverrideSchema,
  general: chatPersonalModelOverrideSchema,
  explore: chatPersonalModelOverrideSchema,
  deployment_defaults: chatPersonalModelOverrideDeploymentDefaultsSchema,
})
export type UserChatPersonalModelOverridesResponse = z.output<
  typeof userChatPersonalModelOverridesResponseSchema
>
export const updateUserChatPersonalModelOverrideRequestSchema = z.object({
  mode: z.enum(personalOverrideModes),
  model_config_id: z.string(),
})

export const userChatCompactionThresholdSchema = answer({
  model_config_id: uuid,
  threshold_percent: z.int(),
})
export const userChatCompactionThresholdsSchema = answer({
  thresholds: list(userChatCompactionThresholdSchema),
})
/** 100 never compacts. */
export const updateUserChatCompactionThresholdRequestSchema = z.object({
  threshold_percent: z.int().min(0).max(100),
})

/** Whose models act on desktops. */
export const computerUseProviders = ['anthropic', 'openai'] as const
export type ComputerUseProvider = (typeof computerUseProviders)[number]
export const chatComputerUseProviderResponseSchema = answer({ provider: openEnum(computerUseProviders) })
export const updateChatComputerUseProviderRequestSchema = z.object({ provider: z.enum(computerUseProviders) })

/** 0, or a minute to 30 days. */
export const chatWorkspaceTtlResponseSchema = answer({ workspace_ttl_ms: z.int() })
export const updateChatWorkspaceTtlRequestSchema = z.object({ workspace_ttl_ms: z.int() })
/** 0: archived chats are kept for ever. */
export const chatRetentionDaysResponseSchema = answer({ retention_days: z.int() })
export const updateChatRetentionDaysRequestSchema = z.object({ retention_days: z.int() })
/** 0: nothing is archived by itself. */
export const chatAutoArchiveDaysResponseSchema = answer({ auto_archive_days: z.int() })
export const updateChatAutoArchiveDaysRequestSchema = z.object({ auto_archive_days: z.int() })

/** Of which templates agents may make workspaces; empty: of all. */
export const chatTemplateAllowlistSchema = answer({ template_ids: list(uuid) })
export const updateChatTemplateAllowlistRequestSchema = z.object({ template_ids: z.array(z.string()) })

const config = '/api/experimental/chats/config'
const administered = { resource: 'deployment_config', actions: ['update'] } as const
const administeredRead = { resource: 'deployment_config', actions: ['read'] } as const
const get = { method: 'GET', auth: 'user', status: 200 } as const
const put = { method: 'PUT', auth: 'user', status: 204 } as const
/** Who may not change it is not told what it is. */
const hidden = { ...get, permission: administeredRead, errors: [401, 404] } as const
const shown = { ...get, errors: [401] } as const
const adminPut = { ...put, permission: administered, errors: [400, 401, 403] } as const

export const chatConfigRoutes = {
  systemPrompt: defineRoute({
    ...hidden,
    path: `${config}/system-prompt`,
    answer: chatSystemPromptResponseSchema,
  }),
  updateSystemPrompt: defineRoute({
    ...adminPut,
    path: `${config}/system-prompt`,
    body: updateChatSystemPromptRequestSchema,
  }),
  planModeInstructions: defineRoute({
    ...hidden,
    path: `${config}/plan-mode-instructions`,
    answer: chatPlanModeInstructionsResponseSchema,
  }),
  updatePlanModeInstructions: defineRoute({
    ...adminPut,
    path: `${config}/plan-mode-instructions`,
    body: updateChatPlanModeInstructionsRequestSchema,
  }),
  modelOverride: defineRoute({
    ...hidden,
    path: `${config}/model-override/{context}`,
    answer: chatModelOverrideResponseSchema,
  }),
  updateModelOverride: defineRoute({
    ...adminPut,
    path: `${config}/model-override/{context}`,
    body: updateChatModelOverrideRequestSchema,
    errors: [400, 401, 403, 404],
  }),
  personalModelOverrides: defineRoute({
    ...hidden,
    path: `${config}/personal-model-overrides`,
    answer: chatPersonalModelOverridesAdminSettingsSchema,
  }),
  updatePersonalModelOverrides: defineRoute({
    ...adminPut,
    path: `${config}/personal-model-overrides`,
    body: updateChatPersonalModelOverridesAdminSettingsRequestSchema,
  }),
  /** 403 while the experiment of desktops is off. */
  computerUseProvider: defineRoute({
    ...shown,
    path: `${config}/computer-use-provider`,
    answer: chatComputerUseProviderResponseSchema,
    errors: [401, 403],
  }),
  /** 400 for a provider whose models cannot act on desktops here, with the reason in words. */
  updateComputerUseProvider: defineRoute({
    ...adminPut,
    path: `${config}/computer-use-provider`,
    body: updateChatComputerUseProviderRequestSchema,
  }),
  workspaceTtl: defineRoute({
    ...shown,
    path: `${config}/workspace-ttl`,
    answer: chatWorkspaceTtlResponseSchema,
  }),
  updateWorkspaceTtl: defineRoute({
    ...adminPut,
    path: `${config}/workspace-ttl`,
    body: updateChatWorkspaceTtlRequestSchema,
  }),
  retentionDays: defineRoute({
    ...shown,
    path: `${config}/retention-days`,
    answer: chatRetentionDaysResponseSchema,
  }),
  updateRetentionDays: defineRoute({
    ...adminPut,
    path: `${config}/retention-days`,
    body: updateChatRetentionDaysRequestSchema,
  }),
  autoArchiveDays: defineRoute({
    ...shown,
    path: `${config}/auto-archive-days`,
    answer: chatAutoArchiveDaysResponseSchema,
  }),
  updateAutoArchiveDays: defineRoute({
    ...adminPut,
    path: `${config}/auto-archive-days`,
    body: updateChatAutoArchiveDaysRequestSchema,
  }),
  templateAllowlist: defineRoute({
    ...hidden,
    path: `${config}/template-allowlist`,
    answer: chatTemplateAllowlistSchema,
  }),
  updateTemplateAllowlist: defineRoute({
    ...adminPut,
    path: `${config}/template-allowlist`,
    body: updateChatTemplateAllowlistRequestSchema,
    errors: [400, 401, 404],
  }),
} as const

/** What everybody sets for their own chats. */
export const chatUserConfigRoutes = {
  prompt: defineRoute({ ...shown, path: `${config}/user-prompt`, answer: userChatCustomPromptSchema }),
  updatePrompt: defineRoute({
    ...put,
    status: 200,
    path: `${config}/user-prompt`,
    body: userChatCustomPromptSchema,
    answer: userChatCustomPromptSchema,
    errors: [400, 401],
  }),
  modelOverrides: defineRoute({
    ...shown,
    path: `${config}/user-personal-model-overrides`,
    answer: userChatPersonalModelOverridesResponseSchema,
  }),
  /** 403 where users may not. */
  updateModelOverride: defineRoute({
    ...put,
    path: `${config}/user-personal-model-overrides/{context}`,
    body: updateUserChatPersonalModelOverrideRequestSchema,
    errors: [400, 401, 403, 404],
  }),
  thresholds: defineRoute({
    ...shown,
    path: `${config}/user-compaction-thresholds`,
    answer: userChatCompactionThresholdsSchema,
  }),
  updateThreshold: defineRoute({
    ...put,
    status: 200,
    path: `${config}/user-compaction-thresholds/{modelconfig}`,
    body: updateUserChatCompactionThresholdRequestSchema,
    answer: userChatCompactionThresholdSchema,
    errors: [400, 401, 404],
  }),
  deleteThreshold: defineRoute({
    method: 'DELETE',
    auth: 'user',
    status: 204,
    path: `${config}/user-compaction-thresholds/{modelconfig}`,
    errors: [400, 401],
  }),
} as const
