/** Workspaces, their builds and their logs. Shapes are Coder's own (snake_case) from the wire contract. */
import { z } from 'zod'
import { workspaceSchema } from '#bridge/contract/workspaces'
import { workspaceBuildSchema } from '#bridge/contract/workspace-builds'
import { provisionerJobLogSchema } from '#bridge/contract/provisioner-jobs'
import { workspaceAgentLogSchema } from '#bridge/contract/workspace-agents'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

const deploymentId = deploymentIdSchema
const workspaceId = z.uuid()
const buildId = z.uuid()
const parameterValues = z
  .array(z.strictObject({ name: z.string().max(256), value: z.string().max(65_536) }))
  .max(200)

export const workspaces = {
  /** The list for Coder's own query syntax, live: a full answer on each change. `q` empty: all that are mine to see. */
  watchList: defineProcedure({
    kind: 'subscription',
    input: z.strictObject({ deploymentId, q: z.string().max(1000) }),
    output: z.object({ workspaces: z.array(workspaceSchema), count: z.int() }),
    errors: [],
  }),
  /** One workspace, live. Ends with `done` once it is deleted. */
  watch: defineProcedure({
    kind: 'subscription',
    input: z.strictObject({ deploymentId, workspaceId }),
    output: workspaceSchema,
    errors: ['deleted'],
  }),
  create: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({
      deploymentId,
      templateId: z.uuid(),
      name: z.string().min(1).max(64),
      parameterValues,
    }),
    output: workspaceSchema,
    /** `details.validations` names fields: `name`, or a parameter's name. */
    errors: ['name_taken', 'invalid_parameters'],
  }),
  start: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, workspaceId }),
    output: workspaceBuildSchema,
    errors: ['build_running', 'invalid_parameters'],
  }),
  stop: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, workspaceId }),
    output: workspaceBuildSchema,
    errors: ['build_running'],
  }),
  /** `confirmName` must be the workspace's name as typed by the user. */
  delete: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, workspaceId, confirmName: z.string().max(64) }),
    output: workspaceBuildSchema,
    errors: ['build_running', 'name_mismatch'],
  }),
  cancelBuild: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, buildId }),
    output: z.null(),
    errors: ['already_finished'],
  }),
  setFavorite: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, workspaceId, favorite: z.boolean() }),
    output: z.null(),
    errors: [],
  }),
  listBuilds: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId, workspaceId }),
    output: z.array(workspaceBuildSchema),
    errors: [],
  }),
  /** Opens an app in the browser. Its address stays in main: it may hold a ticket. False: the user said no. */
  openApp: defineProcedure({
    kind: 'mutation',
    input: z.strictObject({ deploymentId, workspaceId, agentId: z.uuid(), slug: z.string().min(1).max(200) }),
    output: z.object({ opened: z.boolean() }),
    errors: ['app_unknown', 'refused'],
  }),
  /** How `ssh` of this computer gets to an agent, once it was told of the deployment's workspaces. */
  sshCommand: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId, workspaceId, agentId: z.uuid() }),
    output: z.object({ command: z.string() }),
    errors: ['app_unknown', 'refused'],
  }),
  /** Lines of a build, from the first, then live; `done` when the job ended. Resumes by itself without doubles. */
  followBuildLogs: defineProcedure({
    kind: 'subscription',
    input: z.strictObject({ deploymentId, buildId }),
    output: z.array(provisionerJobLogSchema),
    errors: [],
  }),
  /** Lines of an agent's scripts, from the first, then live. */
  followAgentLogs: defineProcedure({
    kind: 'subscription',
    input: z.strictObject({ deploymentId, agentId: z.uuid() }),
    output: z.array(workspaceAgentLogSchema),
    errors: [],
  }),
} as const
