/** What people set for the agents of their own chats (agents-api 9.1, 9.2). Null: the deployment has it not, or not for them. */
import { z } from 'zod'
import { personalOverrideContexts, personalOverrideModes } from '#bridge/contract/chats-config'
import {
  toldPreferencesSchema,
  updateUserPreferenceSettingsRequestSchema,
} from '#bridge/contract/user-settings'
import { userSkillMetadataSchema, userSkillSchema } from '#bridge/contract/user-skills'
import { deploymentIdSchema } from './deployments.ts'
import { instructionsMaxBytes, skillMaxBytes } from './own-agents-limits.ts'
import { defineProcedure } from './procedure.ts'

const deploymentId = deploymentIdSchema
const onDeployment = z.strictObject({ deploymentId })
/** A character has at least a byte, so a longer text is refused anyway; the deployment counts the bytes. */
const instructions = z.string().max(instructionsMaxBytes)
const content = z.string().max(skillMaxBytes)
/** The deployment finds a skill by it, whatever its rules for names are. */
const skillName = z.string().min(1).max(4096)

/** The preferences that have to do with chats. */
export const chatPreferencesSchema = updateUserPreferenceSettingsRequestSchema
  .omit({ task_notification_alert_dismissed: true })
  .strict()
export type ChatPreferences = z.output<typeof chatPreferencesSchema>

/** What agents of one kind run on, as the user chose it. */
export const ownModelSchema = z.object({
  context: z.enum(personalOverrideContexts),
  /** A word of a newer deployment is none of these. */
  mode: z.enum(personalOverrideModes).optional(),
  modelConfigId: z.string(),
  /** The model it names is gone. */
  isGone: z.boolean(),
  /** The model the deployment has for it, empty where it follows the chat's. */
  deploymentModelId: z.string(),
})
export type OwnModel = z.output<typeof ownModelSchema>

/** When chats with a model are summed up, in percent of its context. */
export const compactionThresholdSchema = z.object({
  modelConfigId: z.string(),
  model: z.string(),
  defaultPercent: z.int(),
  ownPercent: z.int().optional(),
})
export type CompactionThreshold = z.output<typeof compactionThresholdSchema>

export const ownAgents = {
  instructions: defineProcedure({
    kind: 'query',
    input: onDeployment,
    output: z.object({ text: z.string() }).nullable(),
    errors: [],
  }),
  /**
   * Answers what the deployment made of it: it takes out what nobody sees. `seen` is what was saved when its author began:
   * where that no longer holds, nothing is written (`changed_meanwhile`).
   */
  setInstructions: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, seen: instructions, text: instructions }),
    output: z.object({ text: z.string() }),
    errors: ['unsupported', 'changed_meanwhile'],
  }),
  /** What an older deployment does not know yet is absent. */
  preferences: defineProcedure({
    kind: 'query',
    input: onDeployment,
    output: toldPreferencesSchema.nullable(),
    errors: [],
  }),
  setPreferences: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, changes: chatPreferencesSchema }),
    output: z.null(),
    errors: ['unsupported'],
  }),
  /** Null also where an administrator has not allowed it. */
  models: defineProcedure({
    kind: 'query',
    input: onDeployment,
    output: z.array(ownModelSchema).nullable(),
    errors: [],
  }),
  setModel: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      deploymentId,
      context: z.enum(personalOverrideContexts),
      mode: z.enum(personalOverrideModes),
      /** Empty unless the mode is `model`. */
      modelConfigId: z.string().max(64),
    }),
    output: z.null(),
    errors: ['unsupported', 'not_allowed'],
  }),
  thresholds: defineProcedure({
    kind: 'query',
    input: onDeployment,
    output: z.array(compactionThresholdSchema).nullable(),
    errors: [],
  }),
  /** Null: the model's own again. */
  setThreshold: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      deploymentId,
      modelConfigId: z.guid(),
      percent: z.int().min(0).max(100).nullable(),
    }),
    output: z.null(),
    errors: ['unsupported'],
  }),
  skills: defineProcedure({
    kind: 'query',
    input: onDeployment,
    output: z.array(userSkillMetadataSchema).nullable(),
    errors: [],
  }),
  skill: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId, name: skillName }),
    output: userSkillSchema,
    errors: [],
  }),
  createSkill: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, content }),
    output: userSkillSchema,
    errors: ['unsupported', 'name_taken'],
  }),
  /** A new name in its front matter renames it. `seen` as of the instructions. */
  updateSkill: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, name: skillName, seen: content, content }),
    output: userSkillSchema,
    errors: ['skill_gone', 'name_taken', 'changed_meanwhile'],
  }),
  /** `seenAt`: when it was changed last, as far as its owner saw; where that no longer holds, it stays. */
  deleteSkill: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, name: skillName, seenAt: z.iso.datetime({ offset: true }) }),
    output: z.null(),
    errors: ['skill_gone', 'changed_meanwhile'],
  }),
} as const
