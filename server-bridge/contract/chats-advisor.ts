/** The advisor: another model that agents of chats ask what to do next (agents-api 9.1 and 11). */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, count, flag, uuid } from './shape.ts'

/** What the tool is called. */
export const advisorTool = 'advisor'
/** As many as a turn has steps. */
export const maxAdvisorUses = 1200
/** Where nobody says how long advice may be. */
export const defaultAdvisorTokens = 16_384
export const maxAdvisorTokens = 1_000_000

export const advisorConfigSchema = answer({
  /** Whether agents can ask it. Deployments with the experiment say so themselves; older ones have it set. */
  enabled: flag,
  /** In one turn. 0: as often as the agent likes. */
  max_uses_per_run: count,
  /** 0: what the deployment thinks is enough. */
  max_output_tokens: count,
  /** The zero uuid: the model of each chat. Absent: it is set elsewhere. */
  model_config_id: uuid.optional(),
  /** How hard that model thinks; of the model of a chat it says nothing. */
  reasoning_effort: z.string().optional(),
})
export type AdvisorConfig = z.output<typeof advisorConfigSchema>

export const updateAdvisorConfigRequestSchema = z.object({
  enabled: z.boolean().optional(),
  max_uses_per_run: z.int(),
  max_output_tokens: z.int(),
  /** The zero uuid or nothing: the model of each chat. */
  model_config_id: z.union([uuid, z.literal('')]).optional(),
  reasoning_effort: z.string().optional(),
})
export type UpdateAdvisorConfigRequest = z.output<typeof updateAdvisorConfigRequestSchema>

const path = '/api/experimental/chats/config/advisor'

export const chatAdvisorRoutes = {
  /** 403 while the experiment is off. */
  get: defineRoute({
    method: 'GET',
    path,
    auth: 'user',
    status: 200,
    answer: advisorConfigSchema,
    errors: [401, 403],
  }),
  /** `enabled` is not set by it where the experiment decides. */
  update: defineRoute({
    method: 'PUT',
    path,
    auth: 'user',
    status: 204,
    permission: { resource: 'deployment_config', actions: ['update'] },
    body: updateAdvisorConfigRequestSchema,
    errors: [400, 401, 403],
  }),
} as const
