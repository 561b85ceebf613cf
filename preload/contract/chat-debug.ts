/** What models were asked and answered for a chat, and whether that is written down (agents-api 9.1, 9.3). */
import { z } from 'zod'
import {
  chatDebugRunSchema,
  chatDebugRunSummarySchema,
  userChatDebugLoggingSettingsSchema,
} from '#bridge/contract/chats-debug'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

const deploymentId = deploymentIdSchema
const chat = { deploymentId, chatId: z.uuid() }

/** What an administrator decides for everybody. */
export const chatDebugRulesSchema = z.object({
  allowUsers: z.boolean(),
  isForced: z.boolean(),
  retentionDays: z.int(),
})
export type ChatDebugRules = z.output<typeof chatDebugRulesSchema>

export const chatDebug = {
  /** Whether it is on for the user. Null: this deployment has no debug runs. */
  logging: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId }),
    output: userChatDebugLoggingSettingsSchema.nullable(),
    errors: [],
  }),
  /** `forced` and `not_allowed`: somebody else has decided meanwhile. */
  setLogging: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, enabled: z.boolean() }),
    output: z.null(),
    errors: ['unsupported', 'forced', 'not_allowed'],
  }),
  /** Null: not for this user, or not there. */
  rules: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId }),
    output: chatDebugRulesSchema.nullable(),
    errors: [],
  }),
  setRules: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      deploymentId,
      allowUsers: z.boolean().optional(),
      retentionDays: z.int().min(0).max(3650).optional(),
    }),
    output: z.null(),
    errors: ['unsupported'],
  }),
  /** Newest first. */
  runs: defineProcedure({
    kind: 'query',
    input: z.strictObject(chat),
    output: z.array(chatDebugRunSummarySchema),
    errors: [],
  }),
  run: defineProcedure({
    kind: 'query',
    input: z.strictObject({ ...chat, runId: z.uuid() }),
    output: chatDebugRunSchema,
    errors: [],
  }),
  /** Saves a run with all its steps as JSON where the user says. */
  exportRun: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ ...chat, runId: z.uuid() }),
    output: z.object({ saved: z.boolean() }),
    errors: ['not_saved'],
  }),
} as const
