/** How well the deployment is, told by checks that really ran. */
import { z } from 'zod'
import { provisionerDaemonSchema } from './provisioners.ts'
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
  queryBoolean,
  text,
} from './shape.ts'

export const healthSections = [
  'DERP',
  'AccessURL',
  'Websocket',
  'Database',
  'WorkspaceProxy',
  'ProvisionerDaemons',
] as const
export type HealthSection = (typeof healthSections)[number]
export const healthSeverities = ['ok', 'warning', 'error'] as const
export type HealthSeverity = (typeof healthSeverities)[number]

export const healthMessageSchema = answer({ code: z.string(), message: text })
export type HealthMessage = z.output<typeof healthMessageSchema>

const base = {
  error: z.string().optional(),
  severity: openEnum(healthSeverities),
  warnings: list(healthMessageSchema),
  dismissed: flag,
}
const sound = { ...base, healthy: flag }
export const derpHealthReportSchema = answer({
  ...sound,
  regions: map(z.unknown()),
  netcheck: z.unknown().optional(),
  netcheck_err: z.string().optional(),
  netcheck_logs: list(z.string()),
})
export const accessUrlReportSchema = answer({
  ...sound,
  access_url: text,
  reachable: flag,
  status_code: count,
  healthz_response: text,
})
export const websocketReportSchema = answer({ ...sound, body: text, code: count })
export const databaseReportSchema = answer({
  ...sound,
  reachable: flag,
  latency: text,
  latency_ms: count,
  threshold_ms: count,
})
export const workspaceProxyReportSchema = answer({
  ...sound,
  workspace_proxies: answer({ regions: list(z.unknown()) }),
})
export const provisionerDaemonsReportItemSchema = answer({
  provisioner_daemon: provisionerDaemonSchema,
  warnings: list(healthMessageSchema),
})
export const provisionerDaemonsReportSchema = answer({
  ...base,
  items: list(provisionerDaemonsReportItemSchema),
})
export const healthcheckReportSchema = answer({
  time: datetime,
  healthy: flag,
  severity: openEnum(healthSeverities),
  derp: derpHealthReportSchema,
  access_url: accessUrlReportSchema,
  websocket: websocketReportSchema,
  database: databaseReportSchema,
  workspace_proxy: workspaceProxyReportSchema,
  provisioner_daemons: provisionerDaemonsReportSchema,
  coder_version: text,
})
export type HealthcheckReport = z.output<typeof healthcheckReportSchema>

export const healthSettingsSchema = answer({ dismissed_healthchecks: list(openEnum(healthSections)) })
export const updateHealthSettingsSchema = z.object({
  dismissed_healthchecks: z
    .array(z.enum(healthSections, { error: failedRule('healthsection') }))
    .nullish()
    .transform((value) => value ?? []),
})

export const debugRoutes = {
  /** Kept for about ten minutes; `force` checks anew. 503 when the checks took too long. */
  health: defineRoute({
    method: 'GET',
    path: '/api/v2/debug/health',
    auth: 'user',
    query: z.object({ force: queryBoolean.optional() }),
    status: 200,
    answer: healthcheckReportSchema,
    errors: [401, 403, 503],
  }),
  getHealthSettings: defineRoute({
    method: 'GET',
    path: '/api/v2/debug/health/settings',
    auth: 'user',
    status: 200,
    answer: healthSettingsSchema,
    errors: [401, 403],
  }),
  setHealthSettings: defineRoute({
    method: 'PUT',
    path: '/api/v2/debug/health/settings',
    auth: 'user',
    body: updateHealthSettingsSchema,
    status: 200,
    answer: healthSettingsSchema,
    errors: [304, 400, 401, 403],
  }),
  /** Sends back every message. */
  echo: defineRoute({
    method: 'GET',
    path: '/api/v2/debug/ws',
    auth: 'user',
    status: 101,
    errors: [401, 403, 426],
    stream: 'duplex',
  }),
} as const
