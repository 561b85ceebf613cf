import { z } from 'zod'
import { nameRules, nameSchema } from './names.ts'
import { responseSchema } from './response.ts'
import { defineRoute } from './route.ts'
import { answer, datetime, failedRule, flag } from './shape.ts'
import { automaticUpdates, workspaceSchema } from './workspaces.ts'

export const updateWorkspaceRequestSchema = z.object({ name: nameSchema(nameRules.username).optional() })
/** Null and empty switch the schedule off. */
export const updateWorkspaceAutostartRequestSchema = z.object({ schedule: z.string().nullish() })
/** Null and 0: stopped by hand only. */
export const updateWorkspaceTtlRequestSchema = z.object({ ttl_ms: z.int().nullish() })
export const putExtendWorkspaceRequestSchema = z.object({ deadline: datetime })
/** Go reads a missing boolean as false. */
export const updateWorkspaceDormancySchema = z.object({ dormant: flag })
export const updateWorkspaceAutomaticUpdatesRequestSchema = z.object({
  automatic_updates: z.enum(automaticUpdates, { error: failedRule('oneof') }),
})
/** `parameter_mismatch`: the active version needs new values before it can be used automatically. */
export const resolveAutostartResponseSchema = answer({ parameter_mismatch: flag })

export const workspaceSettingsRoutes = {
  /** 400 where renames are off, 405 for a deleted workspace. */
  rename: defineRoute({
    method: 'PATCH',
    path: '/api/v2/workspaces/{workspace}',
    auth: 'user',
    body: updateWorkspaceRequestSchema,
    status: 204,
    errors: [400, 401, 403, 404, 405, 409],
  }),
  autostart: defineRoute({
    method: 'PUT',
    path: '/api/v2/workspaces/{workspace}/autostart',
    auth: 'user',
    body: updateWorkspaceAutostartRequestSchema,
    status: 204,
    errors: [400, 401, 403, 404, 410],
  }),
  ttl: defineRoute({
    method: 'PUT',
    path: '/api/v2/workspaces/{workspace}/ttl',
    auth: 'user',
    body: updateWorkspaceTtlRequestSchema,
    status: 204,
    errors: [400, 401, 403, 404, 410],
  }),
  /** 409 where there is no deadline to move. */
  extend: defineRoute({
    method: 'PUT',
    path: '/api/v2/workspaces/{workspace}/extend',
    auth: 'user',
    body: putExtendWorkspaceRequestSchema,
    status: 200,
    answer: responseSchema,
    errors: [400, 401, 403, 404, 409, 410],
  }),
  /** 304 when it is so already. */
  dormant: defineRoute({
    method: 'PUT',
    path: '/api/v2/workspaces/{workspace}/dormant',
    auth: 'user',
    body: updateWorkspaceDormancySchema,
    status: 200,
    answer: workspaceSchema,
    errors: [304, 400, 401, 403, 404, 410],
  }),
  automaticUpdates: defineRoute({
    method: 'PUT',
    path: '/api/v2/workspaces/{workspace}/autoupdates',
    auth: 'user',
    body: updateWorkspaceAutomaticUpdatesRequestSchema,
    status: 204,
    errors: [400, 401, 403, 404, 410],
  }),
  resolveAutostart: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaces/{workspace}/resolve-autostart',
    auth: 'user',
    status: 200,
    answer: resolveAutostartResponseSchema,
    errors: [400, 401, 404],
  }),
} as const
