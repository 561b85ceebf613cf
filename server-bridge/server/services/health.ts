import type { HealthcheckReport, HealthSection, HealthSeverity } from '../../contract/debug.ts'
import type { Clock } from '../../lib/clock.ts'
import { ApiError } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import { serverVersion } from '../version.ts'
import { checkAccessUrl, checkDatabase, checkWebsocket, verdict } from './health-checks.ts'
import type { Provisioners } from './provisioners.ts'
import { toWireTime } from './wire-time.ts'

export interface Health {
  /**
   * How well everything is; a report younger than ten minutes is given again unless forced. `token` is the caller's, for
   * the socket that is tried. @throws {ApiError} 503 when the checks took too long.
   */
  report(token: string, force: boolean): Promise<HealthcheckReport>
  /** Sections nobody wants to be warned of. */
  dismissed(): HealthSection[]
  setDismissed(sections: readonly HealthSection[]): void
}

export interface HealthDeps {
  readonly db: Database
  readonly clock: Clock
  readonly accessUrl: () => string
  readonly provisioners: Provisioners
  /** Whether the worker takes jobs. */
  readonly isWorking: () => boolean
}

const KEPT_MS = 10 * 60_000
const TIMEOUT_MS = 30_000
const DISMISSED_SETTING = 'dismissed_healthchecks'
const SEVERITIES: readonly HealthSeverity[] = ['ok', 'warning', 'error']

export function createHealth(deps: HealthDeps): Health {
  const { db, clock } = deps
  let kept: { readonly at: number; readonly report: HealthcheckReport } | undefined
  const dismissed = (): HealthSection[] => {
    const row = db.first(
      db.sql.selectFrom('deployment_settings').select('value').where('key', '=', DISMISSED_SETTING),
    )
    return row ? (JSON.parse(row.value) as HealthSection[]) : []
  }
  return {
    dismissed,
    async report(token, force) {
      if (kept && !force && clock.now() - kept.at < KEPT_MS) return kept.report
      const report = await check(deps, token, dismissed())
      kept = { at: clock.now(), report }
      return report
    },
    setDismissed(sections) {
      const value = JSON.stringify(sections)
      db.run(
        db.sql
          .insertInto('deployment_settings')
          .values({ key: DISMISSED_SETTING, value })
          .onConflict((conflict) => conflict.column('key').doUpdateSet({ value })),
      )
      kept = undefined
    },
  }
}

async function check(
  deps: HealthDeps,
  token: string,
  dismissed: readonly HealthSection[],
): Promise<HealthcheckReport> {
  const { db, clock, accessUrl, provisioners } = deps
  const abort = new AbortController()
  const cancel = clock.after(TIMEOUT_MS, () => abort.abort(new Error('The checks took too long.')))
  try {
    const [access, websocket] = await Promise.all([
      checkAccessUrl(accessUrl(), abort.signal),
      checkWebsocket(accessUrl(), token, abort.signal),
    ])
    const { healthy: isWorking, ...workers } = verdict(
      deps.isWorking() ? undefined : 'EPD01: The worker of the local deployment takes no jobs.',
    )
    const is = (section: HealthSection) => ({ dismissed: dismissed.includes(section) })
    const sections = {
      // There are no relays and no proxies that could be ill.
      derp: { ...verdict(undefined), regions: {}, netcheck_logs: [], ...is('DERP') },
      access_url: { ...access, ...is('AccessURL') },
      websocket: { ...websocket, ...is('Websocket') },
      database: { ...checkDatabase(db), ...is('Database') },
      workspace_proxy: {
        ...verdict(undefined),
        workspace_proxies: { regions: [] },
        ...is('WorkspaceProxy'),
      },
      provisioner_daemons: {
        ...workers,
        items: [{ provisioner_daemon: provisioners.daemon(), warnings: [] }],
        ...is('ProvisionerDaemons'),
      },
    }
    const severities = Object.values(sections).map(({ severity }) =>
      SEVERITIES.indexOf(severity as HealthSeverity),
    )
    return {
      time: toWireTime(clock.now()),
      healthy: isWorking && Object.values(sections).every(({ severity }) => severity !== 'error'),
      severity: SEVERITIES[Math.max(...severities)] ?? 'ok',
      ...sections,
      coder_version: serverVersion,
    }
  } catch (error) {
    if (!abort.signal.aborted) throw error
    throw new ApiError(503, { message: 'Healthcheck is in progress and timed out.' })
  } finally {
    cancel()
  }
}
