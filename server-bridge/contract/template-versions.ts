import { z } from 'zod'
import { nameRules, nameSchema } from './names.ts'
import {
  followJobLogsQuerySchema,
  jobLogsQuerySchema,
  matchedProvisionersSchema,
  provisionerJobLogSchema,
  provisionerJobSchema,
} from './provisioner-jobs.ts'
import { responseSchema } from './response.ts'
import { defineRoute } from './route.ts'
import {
  answer,
  datetime,
  failedRule,
  flag,
  list,
  openEnum,
  optionalTime,
  queryBoolean,
  queryInteger,
  requestUuid,
  text,
  uuid,
} from './shape.ts'
import { minimalUserSchema } from './users.ts'
import { workspaceResourceSchema } from './workspace-builds.ts'

export const templateVersionSchema = answer({
  id: uuid,
  template_id: uuid.optional(),
  organization_id: uuid.optional(),
  created_at: datetime,
  updated_at: optionalTime,
  name: z.string(),
  message: text,
  job: provisionerJobSchema,
  /** The uploaded README.md as it is, front matter included. */
  readme: text,
  created_by: minimalUserSchema,
  archived: flag,
  warnings: list(openEnum(['UNSUPPORTED_WORKSPACES'])).optional(),
  matched_provisioners: matchedProvisionersSchema.optional(),
  has_external_agent: flag,
})
export type TemplateVersion = z.output<typeof templateVersionSchema>

export const parameterTypes = ['string', 'number', 'bool', 'list(string)'] as const
export const parameterFormTypes = [
  '',
  'radio',
  'dropdown',
  'input',
  'textarea',
  'slider',
  'checkbox',
  'switch',
  'tag-select',
  'multi-select',
  'error',
] as const

export const templateVersionParameterOptionSchema = answer({
  name: z.string(),
  description: text,
  value: z.string(),
  icon: text,
})
export type TemplateVersionParameterOption = z.output<typeof templateVersionParameterOptionSchema>

/** Values are strings whatever the type: `"true"`, `"3"`, a JSON array for lists. */
export const templateVersionParameterSchema = answer({
  name: z.string(),
  display_name: z.string().optional(),
  description: text,
  description_plaintext: text,
  type: openEnum(parameterTypes),
  form_type: openEnum(parameterFormTypes).default(''),
  mutable: flag,
  default_value: text,
  icon: text,
  options: list(templateVersionParameterOptionSchema),
  validation_error: z.string().optional(),
  validation_regex: z.string().optional(),
  validation_min: z.int().optional(),
  validation_max: z.int().optional(),
  validation_monotonic: openEnum(['increasing', 'decreasing']).optional(),
  required: flag,
  /** Asked on every build and not remembered. */
  ephemeral: flag,
})
export type TemplateVersionParameter = z.output<typeof templateVersionParameterSchema>

export const templateVersionVariableSchema = answer({
  name: z.string(),
  description: text,
  type: openEnum(['string', 'number', 'bool']),
  /** Empty for a sensitive one. */
  value: text,
  default_value: text,
  required: flag,
  sensitive: flag,
})
export type TemplateVersionVariable = z.output<typeof templateVersionVariableSchema>

/** Presets have Go's field names on the wire. */
export const presetParameterSchema = answer({ Name: z.string(), Value: z.string() })
export type PresetParameter = z.output<typeof presetParameterSchema>
export const presetSchema = answer({
  ID: uuid,
  Name: z.string(),
  Parameters: list(presetParameterSchema),
  Default: flag,
  DesiredPrebuildInstances: z.int().nullish(),
  Description: text,
  Icon: text,
})
export type Preset = z.output<typeof presetSchema>

export const variableValueSchema = z.object({ name: z.string(), value: z.string() })
export type VariableValue = z.output<typeof variableValueSchema>

export const createTemplateVersionRequestSchema = z
  .object({
    /** Empty: the server makes one up. */
    name: z.union([z.literal(''), nameSchema(nameRules.templateVersionName)]).optional(),
    message: z
      .string()
      .max(1_048_576, { error: failedRule('lt') })
      .optional(),
    template_id: requestUuid,
    storage_method: z.enum(['file'], { error: failedRule('oneof') }),
    file_id: requestUuid,
    example_id: z.string().optional(),
    provisioner: z.enum(['terraform', 'echo'], { error: failedRule('oneof') }),
    tags: z
      .record(z.string(), z.string())
      .nullish()
      .transform((tags) => tags ?? {}),
    user_variable_values: z.array(variableValueSchema).nullish(),
  })
  .superRefine((request, context) => {
    if (request.file_id !== undefined || (request.example_id ?? '') !== '') return
    for (const field of ['file_id', 'example_id'] as const) {
      context.addIssue({ code: 'custom', path: [field], message: failedRule('required_without')({}) })
    }
  })
export type CreateTemplateVersionRequest = z.output<typeof createTemplateVersionRequestSchema>

/** Absent fields stay as they are. */
export const patchTemplateVersionRequestSchema = z.object({
  name: z.union([z.literal(''), nameSchema(nameRules.templateVersionName)]).optional(),
  message: z
    .string()
    .max(1_048_576, { error: failedRule('lt') })
    .optional(),
})
export type PatchTemplateVersionRequest = z.output<typeof patchTemplateVersionRequestSchema>

/** Services a template signs its users in to. */
export const templateVersionExternalAuthSchema = answer({
  id: z.string(),
  type: text,
  display_name: text,
  display_icon: text,
  authenticate_url: text,
  authenticated: flag,
  optional: z.boolean().optional(),
})

const version = '/api/v2/templateversions/{templateversion}'
const versionByName =
  '/api/v2/organizations/{organization}/templates/{templatename}/versions/{templateversionname}'

export const templateVersionsRoutes = {
  create: defineRoute({
    method: 'POST',
    path: '/api/v2/organizations/{organization}/templateversions',
    auth: 'user',
    body: createTemplateVersionRequestSchema,
    status: 201,
    answer: templateVersionSchema,
    errors: [400, 401, 403, 404, 409],
  }),
  /** Oldest first. */
  listOfTemplate: defineRoute({
    method: 'GET',
    path: '/api/v2/templates/{template}/versions',
    auth: 'user',
    query: z.object({
      limit: queryInteger.optional(),
      offset: queryInteger.optional(),
      after_id: uuid.optional(),
      include_archived: queryBoolean.optional(),
    }),
    status: 200,
    answer: list(templateVersionSchema),
    errors: [400, 401, 404],
  }),
  get: defineRoute({
    method: 'GET',
    path: version,
    auth: 'user',
    status: 200,
    answer: templateVersionSchema,
    errors: [400, 401, 404],
  }),
  getByName: defineRoute({
    method: 'GET',
    path: versionByName,
    auth: 'user',
    status: 200,
    answer: templateVersionSchema,
    errors: [401, 404],
  }),
  getOfTemplateByName: defineRoute({
    method: 'GET',
    path: '/api/v2/templates/{template}/versions/{templateversionname}',
    auth: 'user',
    status: 200,
    answer: templateVersionSchema,
    errors: [400, 401, 404],
  }),
  /** 204 without a body when the version is the first of its template. */
  previous: defineRoute({
    method: 'GET',
    path: `${versionByName}/previous`,
    auth: 'user',
    status: 200,
    answer: templateVersionSchema,
    errors: [401, 404],
  }),
  patch: defineRoute({
    method: 'PATCH',
    path: version,
    auth: 'user',
    body: patchTemplateVersionRequestSchema,
    status: 200,
    answer: templateVersionSchema,
    errors: [400, 401, 403, 404],
  }),
  cancel: defineRoute({
    method: 'PATCH',
    path: `${version}/cancel`,
    auth: 'user',
    status: 200,
    answer: responseSchema,
    errors: [400, 401, 403, 404],
  }),
  /** Answers a bare JSON string, as does `unarchive`. */
  archive: defineRoute({
    method: 'POST',
    path: `${version}/archive`,
    auth: 'user',
    status: 200,
    answer: z.string(),
    errors: [400, 401, 403, 404],
  }),
  unarchive: defineRoute({
    method: 'POST',
    path: `${version}/unarchive`,
    auth: 'user',
    status: 200,
    answer: z.string(),
    errors: [400, 401, 403, 404],
  }),
  logs: defineRoute({
    method: 'GET',
    path: `${version}/logs`,
    auth: 'user',
    query: jobLogsQuerySchema,
    status: 200,
    answer: list(provisionerJobLogSchema),
    errors: [400, 401, 404],
  }),
  followLogs: defineRoute({
    method: 'GET',
    path: `${version}/logs`,
    auth: 'user',
    query: followJobLogsQuerySchema,
    status: 101,
    errors: [400, 401, 404, 426],
    stream: 'object',
  }),
  resources: defineRoute({
    method: 'GET',
    path: `${version}/resources`,
    auth: 'user',
    status: 200,
    answer: list(workspaceResourceSchema),
    errors: [400, 401, 404],
  }),
  /** 425 while the version is being imported. */
  richParameters: defineRoute({
    method: 'GET',
    path: `${version}/rich-parameters`,
    auth: 'user',
    status: 200,
    answer: list(templateVersionParameterSchema),
    errors: [400, 401, 404, 425],
  }),
  presets: defineRoute({
    method: 'GET',
    path: `${version}/presets`,
    auth: 'user',
    status: 200,
    answer: list(presetSchema),
    errors: [400, 401, 404],
  }),
  /** 403 while the version is being imported. */
  variables: defineRoute({
    method: 'GET',
    path: `${version}/variables`,
    auth: 'user',
    status: 200,
    answer: list(templateVersionVariableSchema),
    errors: [400, 401, 403, 404],
  }),
  externalAuth: defineRoute({
    method: 'GET',
    path: `${version}/external-auth`,
    auth: 'user',
    query: z.object({ user_id: z.string().optional() }),
    status: 200,
    answer: list(templateVersionExternalAuthSchema),
    errors: [400, 401, 404],
  }),
  /** Empty, as is `legacyParameters`: for clients from before rich parameters. */
  schema: defineRoute({
    method: 'GET',
    path: `${version}/schema`,
    auth: 'user',
    status: 200,
    answer: list(z.unknown()),
    errors: [400, 401, 404],
  }),
  legacyParameters: defineRoute({
    method: 'GET',
    path: `${version}/parameters`,
    auth: 'user',
    status: 200,
    answer: list(z.unknown()),
    errors: [400, 401, 404],
  }),
} as const
