import { z } from 'zod'
import { nameRules, nameSchema } from './names.ts'
import { provisionerTypeSchema } from './provisioner-jobs.ts'
import { responseSchema } from './response.ts'
import { defineRoute } from './route.ts'
import {
  answer,
  count,
  datetime,
  failedRule,
  flag,
  list,
  map,
  openEnum,
  optionalTime,
  optionalUuid,
  text,
  uuid,
} from './shape.ts'

export const portShareLevels = ['owner', 'authenticated', 'organization', 'public'] as const
export const workspaceAgentPortShareLevelSchema = openEnum(portShareLevels)
export const corsBehaviors = ['simple', 'passthru'] as const
export const corsBehaviorSchema = openEnum(corsBehaviors)

/** Keys are upper case on the wire. Milliseconds. */
export const transitionStatsSchema = answer({ P50: z.int().nullish(), P95: z.int().nullish() })
export type TransitionStats = z.output<typeof transitionStatsSchema>

/** Days are lower-case English names. */
export const templateAutostopRequirementSchema = answer({ days_of_week: list(z.string()), weeks: count })
export type TemplateAutostopRequirement = z.output<typeof templateAutostopRequirementSchema>
export const templateAutostartRequirementSchema = answer({ days_of_week: list(z.string()) })
export type TemplateAutostartRequirement = z.output<typeof templateAutostartRequirementSchema>

export const templateSchema = answer({
  id: uuid,
  created_at: datetime,
  updated_at: optionalTime,
  organization_id: uuid,
  organization_name: text,
  organization_display_name: text,
  organization_icon: text,
  name: z.string(),
  display_name: text,
  provisioner: provisionerTypeSchema,
  active_version_id: uuid,
  /** −1 when the server does not know yet. */
  active_user_count: count,
  build_time_stats: map(transitionStatsSchema),
  description: text,
  deprecated: flag,
  deprecation_message: text,
  deleted: flag,
  icon: text,
  default_ttl_ms: count,
  activity_bump_ms: count,
  time_til_autostop_notify_ms: count,
  autostop_requirement: templateAutostopRequirementSchema.default({ days_of_week: [], weeks: 0 }),
  autostart_requirement: templateAutostartRequirementSchema.default({ days_of_week: [] }),
  created_by_id: optionalUuid,
  created_by_name: text,
  allow_user_autostart: flag,
  allow_user_autostop: flag,
  allow_user_cancel_workspace_jobs: flag,
  failure_ttl_ms: count,
  time_til_dormant_ms: count,
  time_til_dormant_autodelete_ms: count,
  require_active_version: flag,
  max_port_share_level: workspaceAgentPortShareLevelSchema.default('owner'),
  cors_behavior: corsBehaviorSchema.default('simple'),
  use_classic_parameter_flow: flag,
  agents_allowed: flag,
  disable_module_cache: flag,
})
export type Template = z.output<typeof templateSchema>

const days = z.array(z.string()).nullish()

/** Names differ from those read back: `dormant_ttl_ms` here is `time_til_dormant_ms` there (stable-api, section 7). */
export const createTemplateRequestSchema = z.object({
  name: nameSchema(nameRules.templateName),
  display_name: nameSchema(nameRules.templateDisplayName).optional(),
  description: z
    .string()
    .max(127, { error: failedRule('lt') })
    .optional(),
  icon: z.string().optional(),
  template_version_id: uuid,
  default_ttl_ms: z.int().nullish(),
  activity_bump_ms: z.int().nullish(),
  time_til_autostop_notify_ms: z.int().nullish(),
  autostop_requirement: z.object({ days_of_week: days, weeks: z.int().default(0) }).nullish(),
  autostart_requirement: z.object({ days_of_week: days }).nullish(),
  allow_user_cancel_workspace_jobs: z.boolean().nullish(),
  allow_user_autostart: z.boolean().nullish(),
  allow_user_autostop: z.boolean().nullish(),
  failure_ttl_ms: z.int().nullish(),
  dormant_ttl_ms: z.int().nullish(),
  delete_ttl_ms: z.int().nullish(),
  disable_everyone_group_access: z.boolean().default(false),
  require_active_version: z.boolean().default(false),
  max_port_share_level: z.enum(portShareLevels).nullish(),
  template_use_classic_parameter_flow: z.boolean().nullish(),
  cors_behavior: z.enum(corsBehaviors).nullish(),
  agents_allowed: z.boolean().nullish(),
})
export type CreateTemplateRequest = z.output<typeof createTemplateRequestSchema>

/** Absent fields stay as they are. The names are those that are read back. */
export const updateTemplateMetaSchema = z.object({
  name: z.union([z.literal(''), nameSchema(nameRules.templateName)]).optional(),
  display_name: nameSchema(nameRules.templateDisplayName).nullish(),
  description: z.string().nullish(),
  icon: z.string().nullish(),
  default_ttl_ms: z.int().nullish(),
  activity_bump_ms: z.int().nullish(),
  time_til_autostop_notify_ms: z.int().nullish(),
  autostop_requirement: z.object({ days_of_week: days, weeks: z.int().default(0) }).nullish(),
  autostart_requirement: z.object({ days_of_week: days }).nullish(),
  allow_user_autostart: z.boolean().nullish(),
  allow_user_autostop: z.boolean().nullish(),
  allow_user_cancel_workspace_jobs: z.boolean().nullish(),
  failure_ttl_ms: z.int().nullish(),
  time_til_dormant_ms: z.int().nullish(),
  time_til_dormant_autodelete_ms: z.int().nullish(),
  update_workspace_last_used_at: z.boolean().nullish(),
  update_workspace_dormant_at: z.boolean().nullish(),
  require_active_version: z.boolean().nullish(),
  deprecation_message: z.string().nullish(),
  disable_everyone_group_access: z.boolean().nullish(),
  max_port_share_level: z.enum(portShareLevels).nullish(),
  cors_behavior: z.enum(corsBehaviors).nullish(),
  use_classic_parameter_flow: z.boolean().nullish(),
  disable_module_cache: z.boolean().nullish(),
  agents_allowed: z.boolean().nullish(),
})
export type UpdateTemplateMeta = z.output<typeof updateTemplateMetaSchema>

export const updateActiveTemplateVersionSchema = z.object({ id: uuid })

/** `all`: also versions whose import succeeded. */
export const archiveTemplateVersionsRequestSchema = z.object({ all: z.boolean().default(false) })
export const archiveTemplateVersionsResponseSchema = answer({ template_id: uuid, archived_ids: list(uuid) })

/** A template that comes with the deployment; `markdown` is its README without the front matter. */
export const templateExampleSchema = answer({
  id: z.string(),
  url: text,
  name: text,
  description: text,
  icon: text,
  tags: list(z.string()),
  markdown: text,
})
export type TemplateExample = z.output<typeof templateExampleSchema>

/** `date` is `YYYY-MM-DD`. */
export const dauEntrySchema = answer({ date: z.string(), amount: count })
export type DAUEntry = z.output<typeof dauEntrySchema>
export const dausResponseSchema = answer({ entries: list(dauEntrySchema), tz_hour_offset: count })
export type DAUsResponse = z.output<typeof dausResponseSchema>

const search = z.object({ q: z.string().optional() })

const template = '/api/v2/templates/{template}'
const versions = `${template}/versions` as const

export const templatesRoutes = {
  /** First in the table: a template is not looked for under this word. */
  examples: defineRoute({
    method: 'GET',
    path: '/api/v2/templates/examples',
    auth: 'user',
    status: 200,
    answer: list(templateExampleSchema),
    errors: [401],
  }),
  examplesOfOrganization: defineRoute({
    method: 'GET',
    path: '/api/v2/organizations/{organization}/templates/examples',
    auth: 'user',
    status: 200,
    answer: list(templateExampleSchema),
    errors: [401, 404],
  }),
  list: defineRoute({
    method: 'GET',
    path: '/api/v2/templates',
    auth: 'user',
    query: search,
    status: 200,
    answer: list(templateSchema),
    errors: [400, 401],
  }),
  listOfOrganization: defineRoute({
    method: 'GET',
    path: '/api/v2/organizations/{organization}/templates',
    auth: 'user',
    query: search,
    status: 200,
    answer: list(templateSchema),
    errors: [400, 401, 404],
  }),
  getByName: defineRoute({
    method: 'GET',
    path: '/api/v2/organizations/{organization}/templates/{templatename}',
    auth: 'user',
    status: 200,
    answer: templateSchema,
    errors: [401, 404],
  }),
  get: defineRoute({
    method: 'GET',
    path: '/api/v2/templates/{template}',
    auth: 'user',
    status: 200,
    answer: templateSchema,
    errors: [400, 401, 404],
  }),
  create: defineRoute({
    method: 'POST',
    path: '/api/v2/organizations/{organization}/templates',
    auth: 'user',
    body: createTemplateRequestSchema,
    status: 201,
    answer: templateSchema,
    errors: [400, 401, 403, 404, 409],
  }),
  patch: defineRoute({
    method: 'PATCH',
    path: template,
    auth: 'user',
    body: updateTemplateMetaSchema,
    status: 200,
    answer: templateSchema,
    errors: [400, 401, 403, 404, 409],
  }),
  /** 400 while workspaces of it exist. */
  remove: defineRoute({
    method: 'DELETE',
    path: template,
    auth: 'user',
    status: 200,
    answer: responseSchema,
    errors: [400, 401, 403, 404],
  }),
  /** The version that new workspaces get. 403 when its import did not succeed. */
  promote: defineRoute({
    method: 'PATCH',
    path: versions,
    auth: 'user',
    body: updateActiveTemplateVersionSchema,
    status: 200,
    answer: responseSchema,
    errors: [400, 401, 403, 404],
  }),
  archiveVersions: defineRoute({
    method: 'POST',
    path: `${versions}/archive`,
    auth: 'user',
    body: archiveTemplateVersionsRequestSchema,
    status: 200,
    answer: archiveTemplateVersionsResponseSchema,
    errors: [400, 401, 403, 404],
  }),
  /** Other keys than this one are refused. The offset is in hours. */
  daus: defineRoute({
    method: 'GET',
    path: `${template}/daus`,
    auth: 'user',
    query: z.strictObject({ tz_offset: z.coerce.number().int().min(-12).max(14).optional() }),
    status: 200,
    answer: dausResponseSchema,
    errors: [400, 401, 404],
  }),
  /** Access lists need a licence. */
  acl: defineRoute({
    method: 'GET',
    path: `${template}/acl`,
    auth: 'user',
    status: 200,
    errors: [400, 401, 403],
  }),
  aclAvailable: defineRoute({
    method: 'GET',
    path: `${template}/acl/available`,
    auth: 'user',
    status: 200,
    errors: [400, 401, 403],
  }),
  updateAcl: defineRoute({
    method: 'PATCH',
    path: `${template}/acl`,
    auth: 'user',
    status: 200,
    errors: [400, 401, 403],
  }),
} as const
