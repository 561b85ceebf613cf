import { z } from 'zod'
import { nameRules, nameSchema } from './names.ts'
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
  queryBoolean,
  queryInteger,
  requestUuid,
  text,
  uuid,
} from './shape.ts'
import { workspaceAppStatusSchema } from './workspace-apps.ts'
import { workspaceBuildSchema } from './workspace-builds.ts'

export const automaticUpdates = ['always', 'never'] as const
export const automaticUpdatesSchema = openEnum(automaticUpdates)

export const workspaceHealthSchema = answer({ healthy: flag, failing_agents: list(uuid) })
export type WorkspaceHealth = z.output<typeof workspaceHealthSchema>

export const sharedWorkspaceActorSchema = answer({
  id: uuid,
  actor_type: openEnum(['group', 'user']),
  name: text,
  avatar_url: z.string().optional(),
  roles: list(openEnum(['admin', 'use', ''])),
})
export type SharedWorkspaceActor = z.output<typeof sharedWorkspaceActorSchema>

export const workspaceSchema = answer({
  id: uuid,
  created_at: datetime,
  updated_at: optionalTime,
  owner_id: uuid,
  owner_name: z.string(),
  owner_avatar_url: text,
  organization_id: uuid,
  organization_name: text,
  template_id: uuid,
  template_name: text,
  template_display_name: text,
  template_icon: text,
  template_allow_user_cancel_workspace_jobs: flag,
  template_active_version_id: optionalUuid,
  template_require_active_version: flag,
  template_use_classic_parameter_flow: flag,
  /** Carries resources, agents and apps: one GET is the whole picture. */
  latest_build: workspaceBuildSchema,
  latest_app_status: workspaceAppStatusSchema.nullish(),
  outdated: flag,
  name: z.string(),
  /** `CRON_TZ=<IANA zone> <min> <hour> * * <dow>`. */
  autostart_schedule: z.string().optional(),
  /** Absent: stopped by hand only. */
  ttl_ms: z.int().optional(),
  last_used_at: optionalTime,
  deleting_at: datetime.nullish(),
  dormant_at: datetime.nullish(),
  health: workspaceHealthSchema.default({ healthy: true, failing_agents: [] }),
  automatic_updates: automaticUpdatesSchema.default('never'),
  allow_renames: flag,
  /** Only ever true for the owner. */
  favorite: flag,
  next_start_at: datetime.nullish(),
  is_prebuild: flag,
  task_id: uuid.nullish(),
  shared_with: list(sharedWorkspaceActorSchema).optional(),
})
export type Workspace = z.output<typeof workspaceSchema>

export const workspacesResponseSchema = answer({
  workspaces: list(workspaceSchema),
  /** All that match the filter, not only this page. */
  count,
})
export type WorkspacesResponse = z.output<typeof workspacesResponseSchema>

export const createWorkspaceRequestSchema = z
  .object({
    template_id: requestUuid,
    template_version_id: requestUuid,
    name: nameSchema(nameRules.workspaceName),
    autostart_schedule: z.string().nullish(),
    ttl_ms: z.int().nullish(),
    rich_parameter_values: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
    automatic_updates: z.enum(['always', 'never', ''], { error: failedRule('oneof') }).optional(),
    template_version_preset_id: requestUuid,
  })
  .superRefine((request, context) => {
    const both = request.template_id !== undefined && request.template_version_id !== undefined
    const neither = request.template_id === undefined && request.template_version_id === undefined
    if (!both && !neither) return
    const rule = both ? 'excluded_with' : 'required_without'
    for (const field of ['template_id', 'template_version_id'] as const) {
      context.addIssue({
        code: 'custom',
        path: [field],
        message: failedRule(rule)({ input: request[field] }),
      })
    }
  })
export type CreateWorkspaceRequest = z.output<typeof createWorkspaceRequestSchema>

export const usageAppNames = ['vscode', 'jetbrains', 'reconnecting-pty', 'ssh'] as const
export const postWorkspaceUsageRequestSchema = z.object({
  agent_id: requestUuid,
  app_name: z.enum([...usageAppNames, '']).optional(),
})
export type PostWorkspaceUsageRequest = z.output<typeof postWorkspaceUsageRequestSchema>

const deletedQuery = z.object({ include_deleted: queryBoolean.optional() })

export const workspacesRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaces',
    auth: 'user',
    query: z.object({
      q: z.string().optional(),
      limit: queryInteger.optional(),
      offset: queryInteger.optional(),
    }),
    status: 200,
    answer: workspacesResponseSchema,
    errors: [400, 401],
  }),
  /** 410 when deleted and not asked for. */
  get: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaces/{workspace}',
    auth: 'user',
    query: deletedQuery,
    status: 200,
    answer: workspaceSchema,
    errors: [400, 401, 404, 410],
  }),
  getByName: defineRoute({
    method: 'GET',
    path: '/api/v2/users/{user}/workspace/{workspacename}',
    auth: 'user',
    query: deletedQuery,
    status: 200,
    answer: workspaceSchema,
    errors: [400, 401, 404],
  }),
  create: defineRoute({
    method: 'POST',
    path: '/api/v2/users/{user}/workspaces',
    auth: 'user',
    body: createWorkspaceRequestSchema,
    status: 201,
    answer: workspaceSchema,
    errors: [400, 401, 403, 404, 406, 409],
  }),
  /** The older path of the same. */
  createOfMember: defineRoute({
    method: 'POST',
    path: '/api/v2/organizations/{organization}/members/{user}/workspaces',
    auth: 'user',
    body: createWorkspaceRequestSchema,
    status: 201,
    answer: workspaceSchema,
    errors: [400, 401, 403, 404, 406, 409],
  }),
  usage: defineRoute({
    method: 'POST',
    path: '/api/v2/workspaces/{workspace}/usage',
    auth: 'user',
    body: postWorkspaceUsageRequestSchema,
    status: 204,
    errors: [400, 401, 404],
  }),
  /** 403 for anybody but the owner: favourites are the owner's own order. */
  favorite: defineRoute({
    method: 'PUT',
    path: '/api/v2/workspaces/{workspace}/favorite',
    auth: 'user',
    status: 204,
    errors: [400, 401, 403, 404],
  }),
  unfavorite: defineRoute({
    method: 'DELETE',
    path: '/api/v2/workspaces/{workspace}/favorite',
    auth: 'user',
    status: 204,
    errors: [400, 401, 403, 404],
  }),
  /** A ping, then the whole workspace at once, then again on every change. */
  watchWs: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaces/{workspace}/watch-ws',
    auth: 'user',
    status: 101,
    errors: [400, 401, 404, 410, 426],
    stream: 'event',
  }),
  /** The same by server-sent events, for older servers and the CLI. */
  watch: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaces/{workspace}/watch',
    auth: 'user',
    status: 200,
    errors: [400, 401, 404, 410],
    stream: 'sse',
  }),
} as const
