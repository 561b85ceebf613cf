/** What chats may do and cost: rules for tools, limits of spending, and who spent what. */
import { z } from 'zod'
import { toolPolicyResponseSchema, updateToolPolicyRequestSchema } from '#bridge/contract/chats-approvals'
import {
  chatCostSummarySchema,
  chatCostUsersSchema,
  chatUsageLimitsSchema,
  updateChatUsageLimitsRequestSchema,
} from '#bridge/contract/chats-cost'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

const deploymentId = deploymentIdSchema
const userId = z.uuid()
const micros = z.int().min(1).max(1_000_000_000_000)
/** RFC 3339. */
const period = { startDate: z.string().max(40), endDate: z.string().max(40) }
/** Whose rules: everybody's, which nobody's own can loosen, or the user's own. */
const whose = z.enum(['deployment', 'own'])

export const chatGovernance = {
  toolPolicy: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId, whose }),
    output: toolPolicyResponseSchema,
    errors: ['unsupported'],
  }),
  setToolPolicy: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, whose, policy: updateToolPolicyRequestSchema.strict() }),
    output: z.null(),
    errors: ['unsupported'],
  }),
  limits: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId }),
    output: chatUsageLimitsSchema,
    errors: ['unsupported'],
  }),
  setLimits: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, limits: updateChatUsageLimitsRequestSchema.strict() }),
    output: chatUsageLimitsSchema,
    errors: ['unsupported'],
  }),
  /** One user's own limit; null takes it away. */
  setUserLimit: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, userId, spendLimitMicros: micros.nullable() }),
    output: z.null(),
    errors: ['unsupported'],
  }),
  /** What the user's own chats cost, by model and chat. */
  ownCost: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId, ...period }),
    output: chatCostSummarySchema,
    errors: ['unsupported'],
  }),
  /** What everybody's chats cost. */
  usersCost: defineProcedure({
    kind: 'query',
    input: z.strictObject({
      deploymentId,
      ...period,
      username: z.string().max(64),
      limit: z.int().min(1).max(100),
      offset: z.int().min(0),
    }),
    output: chatCostUsersSchema,
    errors: ['unsupported'],
  }),
} as const
