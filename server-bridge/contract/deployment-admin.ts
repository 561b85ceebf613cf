/** What whoever looks after a deployment asks it for, and what clients ask of every deployment. */
import { z } from 'zod'
import { defineRoute } from './route.ts'
import { answer, count, datetime, flag, list, map, text, uuid } from './shape.ts'

/** Options are Go's, hundreds of them; we send those that mean something here, in Coder's names. */
export const deploymentConfigSchema = answer({
  config: z.record(z.string(), z.unknown()).optional(),
  options: z.array(z.record(z.string(), z.unknown())).nullish(),
})

export const workspaceConnectionLatencySchema = answer({ P50: z.number(), P95: z.number() })
export const workspaceDeploymentStatsSchema = answer({
  pending: count,
  building: count,
  running: count,
  failed: count,
  stopped: count,
  connection_latency_ms: workspaceConnectionLatencySchema,
  rx_bytes: count,
  tx_bytes: count,
})
export const sessionCountDeploymentStatsSchema = answer({
  vscode: count,
  ssh: count,
  jetbrains: count,
  reconnecting_pty: count,
})
export const deploymentStatsSchema = answer({
  aggregated_from: datetime,
  collected_at: datetime,
  next_update_at: datetime,
  workspaces: workspaceDeploymentStatsSchema,
  session_count: sessionCountDeploymentStatsSchema,
})
export type DeploymentStats = z.output<typeof deploymentStatsSchema>

export const availableExperimentsSchema = answer({ safe: list(z.string()) })
export const regionSchema = answer({
  id: uuid,
  name: text,
  display_name: text,
  icon_url: text,
  healthy: flag,
  path_app_url: text,
  wildcard_hostname: text,
})
export const appHostResponseSchema = answer({ host: text })
export const updateCheckResponseSchema = answer({ current: flag, version: text, url: text })

export const bannerConfigSchema = answer({
  enabled: flag,
  message: z.string().optional(),
  background_color: z.string().optional(),
})
export const linkConfigSchema = answer({
  name: text,
  target: text,
  icon: text,
  location: z.string().optional(),
})
export const appearanceConfigSchema = answer({
  application_name: text,
  logo_url: text,
  docs_url: text,
  service_banner: bannerConfigSchema.default({ enabled: false }),
  announcement_banners: list(bannerConfigSchema),
  support_links: list(linkConfigSchema).optional(),
})

export const featureSchema = answer({
  entitlement: z.enum(['entitled', 'grace_period', 'not_entitled']),
  enabled: flag,
  limit: z.int().optional(),
  actual: z.int().optional(),
})
export const entitlementsSchema = answer({
  features: map(featureSchema),
  warnings: list(z.string()),
  errors: list(z.string()),
  has_license: flag,
  trial: flag,
  require_telemetry: flag,
  refreshed_at: datetime,
})

const get = { method: 'GET', status: 200 } as const
export const deploymentAdminRoutes = {
  /** 403 without the right; secrets are blank. */
  config: defineRoute({
    ...get,
    path: '/api/v2/deployment/config',
    auth: 'user',
    answer: deploymentConfigSchema,
    errors: [401, 403],
  }),
  stats: defineRoute({
    ...get,
    path: '/api/v2/deployment/stats',
    auth: 'user',
    answer: deploymentStatsSchema,
    errors: [401, 403],
  }),
  availableExperiments: defineRoute({
    ...get,
    path: '/api/v2/experiments/available',
    auth: 'user',
    answer: availableExperimentsSchema,
    errors: [401],
  }),
  regions: defineRoute({
    ...get,
    path: '/api/v2/regions',
    auth: 'user',
    answer: answer({ regions: list(regionSchema) }),
    errors: [401],
  }),
  /** The old way to the wildcard host; empty: there is none. */
  appHost: defineRoute({
    ...get,
    path: '/api/v2/applications/host',
    auth: 'user',
    answer: appHostResponseSchema,
    errors: [401],
  }),
  updateCheck: defineRoute({
    ...get,
    path: '/api/v2/updatecheck',
    auth: 'none',
    answer: updateCheckResponseSchema,
    errors: [],
  }),
  /** 404 on servers without the licensed code: take the defaults. */
  appearance: defineRoute({
    ...get,
    path: '/api/v2/appearance',
    auth: 'none',
    answer: appearanceConfigSchema,
    errors: [],
  }),
  entitlements: defineRoute({
    ...get,
    path: '/api/v2/entitlements',
    auth: 'none',
    answer: entitlementsSchema,
    errors: [],
  }),
  /** Body is empty; for latency probes. */
  latencyCheck: defineRoute({ ...get, path: '/latency-check', auth: 'none', errors: [] }),
  derpLatencyCheck: defineRoute({ ...get, path: '/derp/latency-check', auth: 'none', errors: [] }),
  /** A browser's report of what the content security policy kept it from. */
  cspReport: defineRoute({
    method: 'POST',
    path: '/api/v2/csp/reports',
    auth: 'none',
    body: z.object({
      'csp-report': z
        .object({
          'violated-directive': z.string().optional(),
          'blocked-uri': z.string().optional(),
        })
        .optional(),
    }),
    maxBodyBytes: 64 * 1024,
    status: 200,
    errors: [400, 413],
  }),
} as const
