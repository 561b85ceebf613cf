import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, list, map, openEnum, optionalUuid, text } from './shape.ts'
import { portShareLevels, workspaceAgentPortShareLevelSchema } from './templates.ts'
import { minimalUserSchema } from './users.ts'

export const workspaceRoleSchema = openEnum(['admin', 'use', ''])
export const portShareProtocols = ['http', 'https'] as const
export const workspaceAgentPortShareProtocolSchema = openEnum(portShareProtocols)

export const workspaceAgentPortShareSchema = answer({
  workspace_id: optionalUuid,
  agent_name: z.string(),
  port: z.int(),
  share_level: workspaceAgentPortShareLevelSchema,
  protocol: workspaceAgentPortShareProtocolSchema.default('http'),
})
export type WorkspaceAgentPortShare = z.output<typeof workspaceAgentPortShareSchema>
export const workspaceAgentPortSharesSchema = answer({ shares: list(workspaceAgentPortShareSchema) })

export const upsertWorkspaceAgentPortShareRequestSchema = z.object({
  agent_name: z.string(),
  port: z.int(),
  share_level: z.enum(portShareLevels),
  protocol: z.enum(portShareProtocols).default('http'),
})
export type UpsertWorkspaceAgentPortShareRequest = z.output<typeof upsertWorkspaceAgentPortShareRequestSchema>
export const deleteWorkspaceAgentPortShareRequestSchema = z.object({ agent_name: z.string(), port: z.int() })
export type DeleteWorkspaceAgentPortShareRequest = z.output<typeof deleteWorkspaceAgentPortShareRequestSchema>

export const updateWorkspaceAclSchema = z.object({
  user_roles: map(workspaceRoleSchema).optional(),
  group_roles: map(workspaceRoleSchema).optional(),
})

export const externalAgentCredentialsSchema = answer({ command: text, agent_token: text })

export const workspaceSharingRoutes = {
  portShares: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaces/{workspace}/port-share',
    auth: 'user',
    status: 200,
    answer: workspaceAgentPortSharesSchema,
    errors: [400, 401, 404, 410],
  }),
  sharePort: defineRoute({
    method: 'POST',
    path: '/api/v2/workspaces/{workspace}/port-share',
    auth: 'user',
    body: upsertWorkspaceAgentPortShareRequestSchema,
    status: 200,
    answer: workspaceAgentPortShareSchema,
    errors: [400, 401, 403, 404, 410],
  }),
  unsharePort: defineRoute({
    method: 'DELETE',
    path: '/api/v2/workspaces/{workspace}/port-share',
    auth: 'user',
    body: deleteWorkspaceAgentPortShareRequestSchema,
    status: 200,
    errors: [400, 401, 403, 404, 410],
  }),
  /** 403 while sharing is switched off, which it always is on a local deployment. */
  acl: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaces/{workspace}/acl',
    auth: 'user',
    status: 200,
    errors: [400, 401, 403, 404, 410],
  }),
  updateAcl: defineRoute({
    method: 'PATCH',
    path: '/api/v2/workspaces/{workspace}/acl',
    auth: 'user',
    body: updateWorkspaceAclSchema,
    status: 204,
    errors: [400, 401, 403, 404, 410],
  }),
  deleteAcl: defineRoute({
    method: 'DELETE',
    path: '/api/v2/workspaces/{workspace}/acl',
    auth: 'user',
    status: 204,
    errors: [400, 401, 403, 404, 410],
  }),
  /** Who workspaces can be made for; 403 for whoever may only make their own. */
  availableUsers: defineRoute({
    method: 'GET',
    path: '/api/v2/organizations/{organization}/members/{user}/workspaces/available-users',
    auth: 'user',
    query: z.object({ q: z.string().optional() }),
    status: 200,
    answer: list(minimalUserSchema),
    errors: [400, 401, 403, 404],
  }),
  /** Needs a licence. */
  externalAgentCredentials: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaces/{workspace}/external-agent/{agent}/credentials',
    auth: 'user',
    status: 200,
    answer: externalAgentCredentialsSchema,
    errors: [400, 401, 403, 404],
  }),
} as const

/** The first ports a share may name are those a browser can open. */
export const sharedPortRange = { min: 9, max: 65_535 } as const
