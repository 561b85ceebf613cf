import { deploymentAdminRoutes } from '../../contract/deployment-admin.ts'
import { experiments } from '../../contract/experiments.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { forbidden } from '../api-error.ts'
import type { AppHosts } from '../apps/app-hosts.ts'
import type { Database } from '../db/database.ts'
import { type Action, mayAct, type ResourceType } from '../services/authorization.ts'
import { describeDeployment, type ServedOptions } from '../services/deployment-config.ts'
import type { DeploymentSettings } from '../services/deployment-settings.ts'
import { readDeploymentStats } from '../services/deployment-stats.ts'
import type { Actor } from '../services/sessions.ts'
import { toWireTime } from '../services/wire-time.ts'
import { serverVersion } from '../version.ts'
import { bound } from './bind-routes.ts'
import { jsonAnswer } from './json-answer.ts'
import { rateLimits } from './rate-limiter.ts'
import { premiumFeatures } from './unlicensed.ts'

export interface DeploymentAdminDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly settings: DeploymentSettings
  readonly accessUrl: () => string
  readonly appHosts: () => AppHosts | undefined
  /** `host:port` of the listener without TLS. */
  readonly httpAddress: () => string
  readonly served: ServedOptions
}

/** @throws {ApiError} 403: that a deployment has options and numbers is no secret. */
export function requireAdmin(actor: Actor, action: Action, type: ResourceType): void {
  if (!mayAct(actor, action, { type })) throw forbidden()
}

const empty = (): Response => new Response(null, { status: 200 })

/** Facts about the deployment beyond what signing in needs. */
export function deploymentAdminHandlers(deps: DeploymentAdminDeps) {
  const { db, clock, logger, settings, accessUrl, appHosts, httpAddress, served } = deps
  return bound(deploymentAdminRoutes, {
    config({ actor }) {
      requireAdmin(actor, 'read', 'deployment_config')
      const config = describeDeployment({
        ...served,
        accessUrl: accessUrl(),
        httpAddress: httpAddress(),
        apiRateLimit: rateLimits.api,
      })
      return { config, options: [] }
    },
    stats({ actor }) {
      requireAdmin(actor, 'read', 'deployment_stats')
      return readDeploymentStats(db, clock)
    },
    availableExperiments: () => ({ safe: [...experiments] }),
    regions: () => ({
      regions: [
        {
          id: settings.deploymentId,
          name: 'primary',
          display_name: 'Default',
          icon_url: '',
          healthy: true,
          path_app_url: accessUrl(),
          wildcard_hostname: appHosts()?.pattern ?? '',
        },
      ],
    }),
    appHost: () => ({ host: appHosts()?.pattern ?? '' }),
    // The app that brings the server brings its updates too: the server itself asks nobody.
    updateCheck: () => ({ current: true, version: serverVersion, url: '' }),
    appearance: () => ({
      application_name: '',
      logo_url: '',
      docs_url: '',
      service_banner: { enabled: false },
      announcement_banners: [],
      support_links: [],
    }),
    entitlements: () => ({
      features: Object.fromEntries(
        premiumFeatures.map((name) => [name, { entitlement: 'not_entitled' as const, enabled: false }]),
      ),
      warnings: [],
      errors: [],
      has_license: false,
      trial: false,
      require_telemetry: false,
      refreshed_at: toWireTime(clock.now()),
    }),
    latencyCheck: empty,
    derpLatencyCheck: empty,
    cspReport({ body, requestId }) {
      // Only what was kept out and by which rule: the rest of a report is the page's own.
      const report = body['csp-report']
      logger.warn('A page broke its content security policy', {
        requestId,
        directive: report?.['violated-directive']?.slice(0, 200),
        blocked: report?.['blocked-uri']?.slice(0, 200),
      })
      return jsonAnswer(200, 'ok')
    },
  })
}
