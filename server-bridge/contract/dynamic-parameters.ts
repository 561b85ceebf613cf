import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, count, flag, list, openEnum, requestUuid, text } from './shape.ts'
import { parameterFormTypes, parameterTypes } from './template-versions.ts'

export const diagnosticSeverities = ['error', 'warning'] as const

/** `code` is for programs: `required`, `owner_not_found`. */
export const diagnosticExtraSchema = answer({ code: text })
export const friendlyDiagnosticSchema = answer({
  severity: openEnum(diagnosticSeverities),
  summary: text,
  detail: text,
  extra: diagnosticExtraSchema.default({ code: '' }),
})
export type FriendlyDiagnostic = z.output<typeof friendlyDiagnosticSchema>

/** `valid: false`: nobody has said yet, or it depends on something nobody has said yet. */
export const nullHclStringSchema = answer({ value: text, valid: flag })
export type NullHCLString = z.output<typeof nullHclStringSchema>
const unset: NullHCLString = { value: '', valid: false }

/** Hints for the widget. */
export const previewParameterStylingSchema = answer({
  placeholder: z.string().optional(),
  disabled: z.boolean().optional(),
  label: z.string().optional(),
  mask_input: z.boolean().optional(),
})
export type PreviewParameterStyling = z.output<typeof previewParameterStylingSchema>

export const previewParameterOptionSchema = answer({
  name: z.string(),
  description: text,
  value: nullHclStringSchema.default(unset),
  icon: text,
})

export const previewParameterValidationSchema = answer({
  validation_error: text,
  validation_regex: z.string().nullish(),
  validation_min: z.int().nullish(),
  validation_max: z.int().nullish(),
  validation_monotonic: z.string().nullish(),
})
export type PreviewParameterValidation = z.output<typeof previewParameterValidationSchema>

/** A parameter as it is for the inputs of one request. An error among its diagnostics blocks a build. */
export const previewParameterSchema = answer({
  name: z.string(),
  display_name: text,
  description: text,
  type: openEnum(parameterTypes),
  form_type: openEnum(parameterFormTypes).default(''),
  styling: previewParameterStylingSchema.default({}),
  mutable: flag,
  default_value: nullHclStringSchema.default(unset),
  icon: text,
  options: list(previewParameterOptionSchema),
  validations: list(previewParameterValidationSchema),
  required: flag,
  order: count,
  ephemeral: flag,
  value: nullHclStringSchema.default(unset),
  diagnostics: list(friendlyDiagnosticSchema),
})
export type PreviewParameter = z.output<typeof previewParameterSchema>

/** `inputs` is the whole set of values each time, all as text. */
export const dynamicParametersRequestSchema = z.object({
  id: z.int().default(0),
  inputs: z
    .record(z.string(), z.string())
    .nullish()
    .transform((inputs) => inputs ?? {}),
  /** Absent: as in the request before. */
  owner_id: requestUuid,
})
export type DynamicParametersRequest = z.output<typeof dynamicParametersRequestSchema>

/** `diagnostics` are about the template as a whole. */
export const dynamicParametersResponseSchema = answer({
  id: z.int(),
  diagnostics: list(friendlyDiagnosticSchema),
  parameters: list(previewParameterSchema),
})
export type DynamicParametersResponse = z.output<typeof dynamicParametersResponseSchema>

/** The `id` of the answer that comes unasked. */
export const firstResponseId = -1
/** More in one message closes the socket (stable-api, section 2). */
export const maxDynamicParametersRequestBytes = 32 * 1024
/** The server closes the socket after this time. */
export const dynamicParametersLifetimeMs = 30 * 60_000

const base = '/api/v2/templateversions/{templateversion}/dynamic-parameters'

export const dynamicParametersRoutes = {
  /** Answers every request in order, with its `id`. 425 while the version is being imported. */
  connect: defineRoute({
    method: 'GET',
    path: base,
    auth: 'user',
    query: z.object({ user_id: z.string().optional() }),
    status: 101,
    errors: [400, 401, 404, 425, 426],
    stream: 'duplex',
  }),
  /** The same once, with `id` 0. Without a readable `owner_id` it is a diagnostic `owner_not_found`. */
  evaluate: defineRoute({
    method: 'POST',
    path: `${base}/evaluate`,
    auth: 'user',
    body: dynamicParametersRequestSchema,
    status: 200,
    answer: dynamicParametersResponseSchema,
    errors: [400, 401, 404, 425],
  }),
} as const
