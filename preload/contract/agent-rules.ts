/**
 * What an administrator decides for all agents of a deployment (agents-api 9.1). What is null is not for this user, or not
 * there. A change names what its author saw: where that no longer holds, nothing is written (`changed_meanwhile`).
 */
import { z } from 'zod'
import { maxAdvisorTokens } from '#bridge/contract/chats-advisor'
import { maxSystemPromptBytes } from '#bridge/contract/chats-config'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

const deploymentId = deploymentIdSchema
const errors = ['changed_meanwhile', 'unsupported'] as const
/** At least as long as what the deployment takes, which counts bytes. */
const prompt = z.string().max(maxSystemPromptBytes)

const systemPrompt = z.strictObject({ text: prompt, includesDefault: z.boolean() })
/** What every chat begins with. */
export type SystemPrompt = z.output<typeof systemPrompt>

export const agentInstructionsSchema = z.object({
  systemPrompt: z
    .object({ text: z.string(), includesDefault: z.boolean(), defaultText: z.string() })
    .nullable(),
  planMode: z.string().nullable(),
})
export type AgentInstructions = z.output<typeof agentInstructionsSchema>

export const lifecycleNames = ['workspaceTtlMs', 'retentionDays', 'autoArchiveDays'] as const
export type LifecycleName = (typeof lifecycleNames)[number]
/** 0: off. */
const lifecycleValue = z
  .int()
  .min(0)
  .max(30 * 24 * 3_600_000)
const shownLifecycleValue = z.int().nullable()
export const agentLifecycleSchema = z.object({
  workspaceTtlMs: shownLifecycleValue,
  retentionDays: shownLifecycleValue,
  autoArchiveDays: shownLifecycleValue,
})
export type AgentLifecycle = z.output<typeof agentLifecycleSchema>

/** Templates may be many, and some of those on a list may be gone. */
const templateIds = z.array(z.uuid()).max(5000)

/** What a model of its own can be set for; `compaction` on newer deployments alone. */
export const agentTasks = ['general', 'explore', 'title_generation', 'compaction'] as const
export type AgentTask = (typeof agentTasks)[number]
/** Empty: none is set. */
const modelConfigId = z.union([z.uuid(), z.literal('')])
export const agentTaskModelSchema = z.object({
  task: z.enum(agentTasks),
  modelConfigId: z.string(),
  /** The model it names is gone, or cannot be used. */
  isMalformed: z.boolean(),
})
export type AgentTaskModel = z.output<typeof agentTaskModelSchema>
export const agentModelsSchema = z.object({
  tasks: z.array(agentTaskModelSchema),
  /** People may choose models for these tasks themselves. */
  allowsPersonal: z.boolean().nullable(),
})
export type AgentModels = z.output<typeof agentModelsSchema>

/** The model that agents ask for advice, and how often. */
const advisorFields = {
  enabled: z.boolean(),
  /** In one turn. 0: as often as they like. */
  maxUses: z.int(),
  /** 0: what the deployment thinks is enough. */
  maxTokens: z.int(),
  /** Empty: the model of each chat. Null: the deployment keeps it elsewhere. */
  modelConfigId: z.string().max(100).nullable(),
  /** How hard that model thinks; empty: as it is set. */
  effort: z.string().max(40),
}
const amount = z.int().min(0).max(maxAdvisorTokens)
export const agentAdvisorSchema = z.object({
  ...advisorFields,
  /** Whether `enabled` can be set: later deployments decide it by an experiment. */
  maySwitch: z.boolean(),
})
export type AgentAdvisor = z.output<typeof agentAdvisorSchema>

const read = z.strictObject({ deploymentId })

export const agentRules = {
  instructions: defineProcedure({ kind: 'query', input: read, output: agentInstructionsSchema, errors: [] }),
  setSystemPrompt: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, seen: systemPrompt, wished: systemPrompt }),
    output: z.null(),
    errors,
  }),
  setPlanMode: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, seen: prompt, wished: prompt }),
    output: z.null(),
    errors,
  }),
  lifecycle: defineProcedure({ kind: 'query', input: read, output: agentLifecycleSchema, errors: [] }),
  setLifecycle: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      deploymentId,
      name: z.enum(lifecycleNames),
      seen: z.int(),
      wished: lifecycleValue,
    }),
    output: z.null(),
    errors,
  }),
  /** Of which templates agents may make workspaces; empty: of all. */
  templates: defineProcedure({
    kind: 'query',
    input: read,
    output: z.array(z.string()).nullable(),
    errors: [],
  }),
  setTemplates: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, seen: templateIds, wished: templateIds }),
    output: z.null(),
    errors,
  }),
  models: defineProcedure({ kind: 'query', input: read, output: agentModelsSchema, errors: [] }),
  setTaskModel: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      deploymentId,
      task: z.enum(agentTasks),
      seen: z.string().max(100),
      wished: modelConfigId,
    }),
    output: z.null(),
    errors,
  }),
  /** Null: the deployment has no advisor, or does not tell. */
  advisor: defineProcedure({ kind: 'query', input: read, output: agentAdvisorSchema.nullable(), errors: [] }),
  setAdvisor: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      deploymentId,
      seen: z.strictObject(advisorFields),
      wished: z.strictObject({
        ...advisorFields,
        maxUses: amount,
        maxTokens: amount,
        modelConfigId: modelConfigId.nullable(),
      }),
    }),
    output: z.null(),
    errors,
  }),
  setPersonalModels: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, allows: z.boolean() }),
    output: z.null(),
    errors: ['unsupported'],
  }),
} as const
