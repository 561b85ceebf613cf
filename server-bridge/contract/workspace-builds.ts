import { z } from 'zod'
import {
  followJobLogsQuerySchema,
  isJobFinished,
  jobLogsQuerySchema,
  matchedProvisionersSchema,
  provisionerJobLogSchema,
  provisionerJobSchema,
} from './provisioner-jobs.ts'
import type { ProvisionerJobStatus } from './provisioner-jobs.ts'
import { responseSchema } from './response.ts'
import { defineRoute } from './route.ts'
import {
  answer,
  count,
  datetime,
  failedRule,
  flag,
  list,
  openEnum,
  optionalTime,
  optionalUuid,
  queryInteger,
  requestUuid,
  text,
  uuid,
} from './shape.ts'
import { workspaceAgentSchema } from './workspace-agents.ts'
import { workspaceTransitions, workspaceTransitionSchema } from './workspace-transition.ts'
import type { WorkspaceTransition } from './workspace-transition.ts'

export const workspaceStatuses = [
  'pending',
  'starting',
  'running',
  'stopping',
  'stopped',
  'failed',
  'canceling',
  'canceled',
  'deleting',
  'deleted',
] as const
export const workspaceStatusSchema = openEnum(workspaceStatuses)
export type WorkspaceStatus = z.output<typeof workspaceStatusSchema>

export const buildReasons = [
  'initiator',
  'autostart',
  'autostop',
  'dormancy',
  'dashboard',
  'cli',
  'ssh_connection',
  'vscode_connection',
  'jetbrains_connection',
  'task_auto_pause',
  'task_manual_pause',
  'task_resume',
] as const
export const buildReasonSchema = openEnum(buildReasons)

export const workspaceBuildParameterSchema = answer({ name: z.string(), value: z.string() })
export type WorkspaceBuildParameter = z.output<typeof workspaceBuildParameterSchema>

export const workspaceResourceMetadataSchema = answer({ key: z.string(), value: text, sensitive: flag })
export type WorkspaceResourceMetadata = z.output<typeof workspaceResourceMetadataSchema>

export const workspaceResourceSchema = answer({
  id: uuid,
  created_at: datetime,
  job_id: uuid,
  workspace_transition: workspaceTransitionSchema,
  type: z.string(),
  name: z.string(),
  hide: flag,
  icon: text,
  agents: list(workspaceAgentSchema).optional(),
  metadata: list(workspaceResourceMetadataSchema).optional(),
  daily_cost: count,
})
export type WorkspaceResource = z.output<typeof workspaceResourceSchema>

export const workspaceBuildSchema = answer({
  id: uuid,
  created_at: datetime,
  updated_at: optionalTime,
  workspace_id: uuid,
  workspace_name: text,
  workspace_owner_id: optionalUuid,
  workspace_owner_name: text,
  workspace_owner_avatar_url: z.string().optional(),
  template_version_id: uuid,
  template_version_name: text,
  build_number: z.int(),
  transition: workspaceTransitionSchema,
  initiator_id: optionalUuid,
  initiator_name: text,
  job: provisionerJobSchema,
  reason: buildReasonSchema.default('initiator'),
  resources: list(workspaceResourceSchema),
  /** When it will be stopped. */
  deadline: datetime.nullish(),
  max_deadline: datetime.nullish(),
  status: workspaceStatusSchema,
  daily_cost: count,
  matched_provisioners: matchedProvisionersSchema.optional(),
  template_version_preset_id: uuid.nullish(),
  has_ai_task: z.boolean().optional(),
  has_external_agent: z.boolean().optional(),
})
export type WorkspaceBuild = z.output<typeof workspaceBuildSchema>

const parameterValues = z.array(z.object({ name: z.string(), value: z.string() })).nullish()

export const createWorkspaceBuildOnSuccessRequestSchema = z.object({
  template_version_id: requestUuid,
  transition: z.enum(['start'], { error: failedRule('oneof') }),
  rich_parameter_values: parameterValues,
  template_version_preset_id: requestUuid,
})

export const createWorkspaceBuildReasons = [
  'dashboard',
  'cli',
  'ssh_connection',
  'vscode_connection',
  'jetbrains_connection',
  'task_manual_pause',
] as const

export const createWorkspaceBuildRequestSchema = z.object({
  /** Without it a start takes the previous build's version, not the active one. */
  template_version_id: requestUuid,
  transition: z.enum(workspaceTransitions, { error: failedRule('oneof') }),
  dry_run: z.boolean().optional(),
  /** Base64. */
  state: z.string().nullish(),
  orphan: z.boolean().optional(),
  rich_parameter_values: parameterValues,
  log_level: z.enum(['debug'], { error: failedRule('oneof') }).optional(),
  template_version_preset_id: requestUuid,
  reason: z.enum(createWorkspaceBuildReasons, { error: failedRule('oneof') }).optional(),
  on_success: createWorkspaceBuildOnSuccessRequestSchema.nullish(),
})
export type CreateWorkspaceBuildRequest = z.output<typeof createWorkspaceBuildRequestSchema>

export const workspaceBuildsRoutes = {
  create: defineRoute({
    method: 'POST',
    path: '/api/v2/workspaces/{workspace}/builds',
    auth: 'user',
    body: createWorkspaceBuildRequestSchema,
    status: 201,
    answer: workspaceBuildSchema,
    errors: [400, 401, 403, 404, 406, 409],
  }),
  /** Newest first. Page with `offset`: `after_id` selects newer builds than the given one. */
  list: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaces/{workspace}/builds',
    auth: 'user',
    query: z.object({
      limit: queryInteger.optional(),
      offset: queryInteger.optional(),
      after_id: uuid.optional(),
      since: datetime.optional(),
    }),
    status: 200,
    answer: list(workspaceBuildSchema),
    errors: [400, 401, 404],
  }),
  getByNumber: defineRoute({
    method: 'GET',
    path: '/api/v2/users/{user}/workspace/{workspacename}/builds/{buildnumber}',
    auth: 'user',
    status: 200,
    answer: workspaceBuildSchema,
    errors: [400, 401, 404],
  }),
  get: defineRoute({
    method: 'GET',
    path: '/api/v2/workspacebuilds/{workspacebuild}',
    auth: 'user',
    status: 200,
    answer: workspaceBuildSchema,
    errors: [400, 401, 404],
  }),
  cancel: defineRoute({
    method: 'PATCH',
    path: '/api/v2/workspacebuilds/{workspacebuild}/cancel',
    auth: 'user',
    query: z.object({ expect_status: z.enum(['running', 'pending']).optional() }),
    status: 200,
    answer: responseSchema,
    errors: [400, 401, 403, 404, 412],
  }),
  logs: defineRoute({
    method: 'GET',
    path: '/api/v2/workspacebuilds/{workspacebuild}/logs',
    auth: 'user',
    query: jobLogsQuerySchema,
    status: 200,
    answer: list(provisionerJobLogSchema),
    errors: [400, 401, 404],
  }),
  followLogs: defineRoute({
    method: 'GET',
    path: '/api/v2/workspacebuilds/{workspacebuild}/logs',
    auth: 'user',
    query: followJobLogsQuerySchema,
    status: 101,
    errors: [400, 401, 404, 426],
    stream: 'object',
  }),
  parameters: defineRoute({
    method: 'GET',
    path: '/api/v2/workspacebuilds/{workspacebuild}/parameters',
    auth: 'user',
    status: 200,
    answer: list(workspaceBuildParameterSchema),
    errors: [400, 401, 404],
  }),
} as const

/** Coder's state of a workspace, which is a function of its latest build's job and transition (stable-api, section 11). */
export function workspaceStatusOf(
  job: ProvisionerJobStatus,
  transition: WorkspaceTransition,
): WorkspaceStatus {
  if (job === 'running') {
    return transition === 'start' ? 'starting' : transition === 'stop' ? 'stopping' : 'deleting'
  }
  if (job === 'succeeded') {
    return transition === 'start' ? 'running' : transition === 'stop' ? 'stopped' : 'deleted'
  }
  return isJobFinished(job) || job === 'pending' || job === 'canceling' ? job : 'failed'
}
