import { z } from 'zod'
import type { CreateTemplateRequest } from '../../contract/templates.ts'

const HOUR_MS = 3_600_000

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
})
/** A template's policy, stored as one JSON object in the names it is read back by. */
export type TemplateSettings = z.output<typeof templateSettingsSchema>

const EVERY_DAY = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/** Reads the stored form; what a template was made without has Coder's defaults. */
export function parseTemplateSettings(text: string): TemplateSettings {
  return templateSettingsSchema.parse(JSON.parse(text))
}

const DEFAULTS: TemplateSettings = {
  default_ttl_ms: 0,
  activity_bump_ms: HOUR_MS,
  time_til_autostop_notify_ms: 0,
  autostop_requirement: { days_of_week: [], weeks: 1 },
  autostart_requirement: { days_of_week: EVERY_DAY },
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
}

/** The policy of a new template. Creating and reading back use different names for some of it. */
export function settingsFromRequest(request: CreateTemplateRequest): TemplateSettings {
  const { autostop_requirement: autostop, autostart_requirement: autostart } = request
  const asked = {
    default_ttl_ms: request.default_ttl_ms,
    activity_bump_ms: request.activity_bump_ms,
    time_til_autostop_notify_ms: request.time_til_autostop_notify_ms,
    autostop_requirement: autostop && { days_of_week: autostop.days_of_week ?? [], weeks: autostop.weeks },
    autostart_requirement: autostart && { days_of_week: autostart.days_of_week ?? EVERY_DAY },
    allow_user_autostart: request.allow_user_autostart,
    allow_user_autostop: request.allow_user_autostop,
    allow_user_cancel_workspace_jobs: request.allow_user_cancel_workspace_jobs,
    failure_ttl_ms: request.failure_ttl_ms,
    time_til_dormant_ms: request.dormant_ttl_ms,
    time_til_dormant_autodelete_ms: request.delete_ttl_ms,
    cors_behavior: request.cors_behavior,
    use_classic_parameter_flow: request.template_use_classic_parameter_flow,
    agents_allowed: request.agents_allowed,
  }
  const given = Object.entries(asked).filter(([, value]) => value !== null && value !== undefined)
  return templateSettingsSchema.parse({ ...DEFAULTS, ...Object.fromEntries(given) })
}
