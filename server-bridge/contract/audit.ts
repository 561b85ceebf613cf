/** The audit log: who did what, newest first. */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, count, datetime, flag, list, map, openEnum, queryInteger, text, uuid } from './shape.ts'
import { userSchema } from './users.ts'

export const auditResourceTypes = [
  'template',
  'template_version',
  'user',
  'workspace',
  'workspace_build',
  'git_ssh_key',
  'api_key',
  'group',
  'license',
  'convert_login',
  'health_settings',
  'notifications_settings',
  'prebuilds_settings',
  'oauth2_provider_settings',
  'workspace_proxy',
  'organization',
  'oauth2_provider_app',
  'oauth2_provider_app_secret',
  'custom_role',
  'organization_member',
  'notification_template',
  'idp_sync_settings_organization',
  'idp_sync_settings_group',
  'idp_sync_settings_role',
  'workspace_agent',
  'workspace_app',
  'task',
  'ai_seat',
  'ai_provider',
  'ai_provider_key',
  'ai_gateway_key',
  'group_ai_budget',
  'user_ai_budget_override',
  'chat',
  'mcp_server_config',
  'user_secret',
  'user_skill',
  'chat_instruction_settings',
] as const
export const auditActions = [
  'create',
  'write',
  'delete',
  'start',
  'stop',
  'login',
  'logout',
  'register',
  'request_password_reset',
  'connect',
  'disconnect',
  'open',
  'close',
] as const

export const minimalOrganizationSchema = answer({
  id: uuid,
  name: text,
  display_name: text,
  icon: text,
})

export const auditDiffFieldSchema = answer({
  old: z.unknown().optional(),
  new: z.unknown().optional(),
  secret: flag,
})

export const auditLogSchema = answer({
  id: uuid,
  request_id: uuid,
  time: datetime,
  ip: text,
  user_agent: text,
  resource_type: openEnum(auditResourceTypes),
  resource_id: uuid,
  resource_target: text,
  resource_icon: text,
  action: openEnum(auditActions),
  diff: map(auditDiffFieldSchema),
  status_code: count,
  additional_fields: z.unknown(),
  /** With `{user}` and `{target}` where their names go. */
  description: text,
  resource_link: text,
  is_deleted: flag,
  organization_id: uuid,
  organization: minimalOrganizationSchema.optional(),
  user: userSchema.nullish(),
})
export type AuditLogEntry = z.output<typeof auditLogSchema>

export const auditLogResponseSchema = answer({
  audit_logs: list(auditLogSchema),
  count,
  /** `count` is never larger: from there on it means "or more". */
  count_cap: count,
})
export type AuditLogResponse = z.output<typeof auditLogResponseSchema>

export const auditRoutes = {
  /** `limit` 0 means 100. */
  list: defineRoute({
    method: 'GET',
    path: '/api/v2/audit',
    auth: 'user',
    query: z.object({
      q: z.string().optional(),
      limit: queryInteger.optional(),
      offset: queryInteger.optional(),
    }),
    status: 200,
    answer: auditLogResponseSchema,
    errors: [400, 401, 403],
  }),
} as const
