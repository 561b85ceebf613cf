import { z } from 'zod'
import type { ValidationError } from '../../contract/response.ts'
import type { CreateTemplateRequest, UpdateTemplateMeta } from '../../contract/templates.ts'
import { ApiError } from '../api-error.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
/** Coder's limit on the weeks between two required stops. */
const MAX_WEEKS = 16

const templateSettingsSchema = z.object({
  default_ttl_ms: z.int(),
  activity_bump_ms: z.int(),
  time_til_autostop_notify_ms: z.int(),
  autostop_requirement: z.object({ days_of_week: z.array(z.string()), weeks: z.int() }),
  autostart_requirement: z.object({ days_of_week: z.array(z.string()) }),
  allow_user_autostart: z.boolean(),
  allow_user_autostop: z.boolean(),
  allow_user_cancel_workspace_jobs: z.boolean(),
  failure_ttl_ms: z.int(),
  time_til_dormant_ms: z.int(),
  time_til_dormant_autodelete_ms: z.int(),
  require_active_version: z.boolean(),
  cors_behavior: z.enum(['simple', 'passthru']),
  use_classic_parameter_flow: z.boolean(),
  agents_allowed: z.boolean(),
  // Templates of the first release were stored without it.
  disable_module_cache: z.boolean().default(false),
})
/** A template's policy, stored as one JSON object in the names it is read back by. */
export type TemplateSettings = z.output<typeof templateSettingsSchema>

/** What of it a request sets; absent and null keep what is. */
type SettingsPatch = { readonly [K in keyof TemplateSettings]?: TemplateSettings[K] | null | undefined }

const WEEK = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** Reads the stored form; what a template was made without has Coder's defaults. */
export function parseTemplateSettings(text: string): TemplateSettings {
  return templateSettingsSchema.parse(JSON.parse(text))
}

const DEFAULTS: TemplateSettings = {
  default_ttl_ms: 0,
  activity_bump_ms: HOUR_MS,
  time_til_autostop_notify_ms: 0,
  autostop_requirement: { days_of_week: [], weeks: 1 },
  autostart_requirement: { days_of_week: WEEK },
  allow_user_autostart: true,
  allow_user_autostop: true,
  allow_user_cancel_workspace_jobs: false,
  failure_ttl_ms: 0,
  time_til_dormant_ms: 0,
  time_til_dormant_autodelete_ms: 0,
  // Needs a licence in Coder, so it reads back as off whatever was asked for.
  require_active_version: false,
  cors_behavior: 'simple',
  use_classic_parameter_flow: false,
  agents_allowed: true,
  disable_module_cache: false,
}

/** The policy of a new template. @throws {ApiError} 400 with one validation for each value that is not possible. */
export function settingsFromRequest(request: CreateTemplateRequest): TemplateSettings {
  // Creating and reading back use different names for some of it.
  return applySettings(DEFAULTS, request, {
    ...sharedSettings(request),
    time_til_dormant_ms: request.dormant_ttl_ms,
    time_til_dormant_autodelete_ms: request.delete_ttl_ms,
    use_classic_parameter_flow: request.template_use_classic_parameter_flow,
  })
}

/** The policy after a change. @throws {ApiError} 400 as above. */
export function updateSettings(settings: TemplateSettings, request: UpdateTemplateMeta): TemplateSettings {
  return applySettings(settings, request, {
    ...sharedSettings(request),
    time_til_dormant_ms: request.time_til_dormant_ms,
    time_til_dormant_autodelete_ms: request.time_til_dormant_autodelete_ms,
    use_classic_parameter_flow: request.use_classic_parameter_flow,
    disable_module_cache: request.disable_module_cache,
  })
}

function sharedSettings(request: CreateTemplateRequest | UpdateTemplateMeta): SettingsPatch {
  const { autostop_requirement: autostop, autostart_requirement: autostart } = request
  return {
    default_ttl_ms: request.default_ttl_ms,
    activity_bump_ms: request.activity_bump_ms,
    time_til_autostop_notify_ms: request.time_til_autostop_notify_ms,
    // Weeks of 0 stand for every week.
    autostop_requirement: autostop && {
      days_of_week: normalizeDays(autostop.days_of_week ?? []),
      weeks: autostop.weeks === 0 ? 1 : autostop.weeks,
    },
    autostart_requirement: autostart && { days_of_week: normalizeDays(autostart.days_of_week ?? WEEK) },
    allow_user_cancel_workspace_jobs: request.allow_user_cancel_workspace_jobs,
    allow_user_autostart: request.allow_user_autostart,
    allow_user_autostop: request.allow_user_autostop,
    failure_ttl_ms: request.failure_ttl_ms,
    cors_behavior: request.cors_behavior,
    agents_allowed: request.agents_allowed,
  }
}

/** Each day once, in the order of the week; what is no day stays last, to be refused. */
function normalizeDays(days: readonly string[]): string[] {
  const asked = new Set(days.map((day) => day.toLowerCase()))
  return [...WEEK.filter((day) => asked.has(day)), ...[...asked].filter((day) => !WEEK.includes(day))]
}

/** Settings that need a licence in Coder. */
interface LicensedSettings {
  readonly max_port_share_level?: string | null | undefined
  readonly disable_everyone_group_access?: boolean | null | undefined
}

function applySettings(
  settings: TemplateSettings,
  licensed: LicensedSettings,
  patch: SettingsPatch,
): TemplateSettings {
  const given = Object.entries(patch).filter(([, value]) => value !== null && value !== undefined)
  const changed = templateSettingsSchema.parse({ ...settings, ...Object.fromEntries(given) })
  const problems = [...findProblems(changed), ...findUnlicensed(licensed)]
  if (problems.length === 0) return changed
  throw new ApiError(400, { message: 'Invalid template settings.', validations: problems })
}

function findProblems(settings: TemplateSettings): ValidationError[] {
  const durations = [
    'default_ttl_ms',
    'activity_bump_ms',
    'time_til_autostop_notify_ms',
    'failure_ttl_ms',
    'time_til_dormant_ms',
    'time_til_dormant_autodelete_ms',
  ] as const
  const problems: ValidationError[] = []
  const add = (field: string, detail: string): void => void problems.push({ field, detail })
  for (const field of durations) {
    if (settings[field] < 0) add(field, 'Must be a positive integer.')
  }
  for (const field of durations.slice(3)) {
    if (settings[field] > 0 && settings[field] < MINUTE_MS) add(field, 'Value must be at least one minute.')
  }
  const { weeks } = settings.autostop_requirement
  if (weeks < 0) add('autostop_requirement.weeks', 'Must be a positive integer.')
  if (weeks > MAX_WEEKS) add('autostop_requirement.weeks', `Must be less than ${MAX_WEEKS}.`)
  for (const field of ['autostop_requirement', 'autostart_requirement'] as const) {
    const wrong = settings[field].days_of_week.find((day) => !WEEK.includes(day))
    if (wrong !== undefined) add(`${field}.days_of_week`, `${JSON.stringify(wrong)} is no day of the week.`)
  }
  return problems
}

/** What would seem to protect something is refused rather than ignored. */
function findUnlicensed(request: LicensedSettings): ValidationError[] {
  const level = request.max_port_share_level ?? 'public'
  return [
    ...(level === 'public'
      ? []
      : [
          {
            field: 'max_port_share_level',
            detail: 'Restricting port sharing level is an enterprise feature that is not enabled.',
          },
        ]),
    ...(request.disable_everyone_group_access === true
      ? [{ field: 'disable_everyone_group_access', detail: 'Access lists of templates need a licence.' }]
      : []),
  ]
}
