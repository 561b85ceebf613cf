import { insightsRoutes } from '../../contract/insights.ts'
import type { Clock } from '../../lib/clock.ts'
import { ApiError, forbidden } from '../api-error.ts'
import { mayAct } from '../services/authorization.ts'
import type { Insights, Period } from '../services/insights.ts'
import type { Actor } from '../services/sessions.ts'
import { zoneOffsetMs } from '../services/time-zone.ts'
import { toWireTime } from '../services/wire-time.ts'
import { bound } from './bind-routes.ts'

const HOUR_MS = 3_600_000

export interface InsightsHandlerDeps {
  readonly insights: Insights
  readonly clock: Clock
}

interface PeriodQuery {
  readonly start_time: string
  readonly end_time: string
  readonly template_ids?: readonly string[] | undefined
}

function refuse(field: string, detail: string): ApiError {
  return new ApiError(400, {
    message: 'Query parameters have invalid values.',
    validations: [{ field, detail }],
  })
}

/** Midnight as written, in the zone it is written in. */
const isMidnight = (time: string): boolean => /T00:00:00(?:\.0+)?(?:Z|[+-]\d\d:\d\d)$/i.test(time)

/** @throws {ApiError} 400 unless it begins at a midnight and ends at one, or with the current hour. */
function parsePeriod(query: PeriodQuery, now: number): Period {
  const [start, end] = [Date.parse(query.start_time), Date.parse(query.end_time)]
  if (!isMidnight(query.start_time)) throw refuse('start_time', 'Query param "start_time" must be midnight')
  const currentHour = Math.floor(now / HOUR_MS) * HOUR_MS
  const isNow = end === currentHour || end === currentHour + HOUR_MS
  if (!isMidnight(query.end_time) && !isNow) {
    throw refuse('end_time', 'Query param "end_time" must be midnight or the current hour')
  }
  if (end <= start) throw refuse('end_time', 'Query param "end_time" must be after start_time')
  return { start, end, templateIds: query.template_ids ?? [] }
}

function requireReader(actor: Actor): void {
  if (!mayAct(actor, 'read', { type: 'deployment_stats' })) throw forbidden()
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids)]

/** Who uses the deployment, from what was noted of each minute. */
export function insightsHandlers({ insights, clock }: InsightsHandlerDeps) {
  const wirePeriod = ({ start, end }: Period) => ({
    start_time: toWireTime(start),
    end_time: toWireTime(end),
  })
  return bound(insightsRoutes, {
    daus({ query, actor }) {
      requireReader(actor)
      const hours = query.tz_offset ?? 0
      return { entries: insights.dailyActiveUsers(hours * HOUR_MS), tz_hour_offset: hours }
    },
    userActivity({ query, actor }) {
      requireReader(actor)
      const period = parsePeriod(query, clock.now())
      const users = insights.userActivity(period)
      const ids = unique(users.flatMap((user) => user.template_ids))
      return { report: { ...wirePeriod(period), template_ids: ids, users } }
    },
    // Everything runs on this machine: there is no way of which a latency could be measured.
    userLatency({ query, actor }) {
      requireReader(actor)
      const period = parsePeriod(query, clock.now())
      return { report: { ...wirePeriod(period), template_ids: [], users: [] } }
    },
    templates({ query, actor }) {
      requireReader(actor)
      const period = parsePeriod(query, clock.now())
      const sections = query.sections ?? ['report', 'interval_reports']
      const { interval } = query
      const apps = insights.appsUsage(period)
      return {
        ...(sections.includes('report')
          ? {
              report: {
                ...wirePeriod(period),
                template_ids: unique(apps.flatMap((app) => app.template_ids)),
                active_users: insights.activeUsers(period),
                apps_usage: apps,
                parameters_usage: insights.parametersUsage(period),
              },
            }
          : {}),
        ...(sections.includes('interval_reports') && interval !== undefined
          ? { interval_reports: insights.intervals(period, interval) }
          : {}),
      }
    },
    userStatusCounts({ query, actor }) {
      requireReader(actor)
      const offsetMs =
        query.timezone === undefined
          ? (query.tz_offset ?? 0) * HOUR_MS
          : zoneOffsetMs(query.timezone, clock.now())
      if (offsetMs === undefined) throw refuse('timezone', 'Query param "timezone" is not a known time zone')
      return { status_counts: insights.statusCounts(offsetMs) }
    },
  })
}
