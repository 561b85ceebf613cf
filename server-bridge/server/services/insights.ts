import type { z } from 'zod'
import type {
  templateAppUsageSchema,
  templateInsightsIntervalReportSchema,
  TemplateParameterUsage,
  userActivitySchema,
  userStatusChangeCountSchema,
} from '../../contract/insights.ts'
import type { TemplateVersionParameter } from '../../contract/template-versions.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import { groupBy } from './group-by.ts'
import { retentionMs } from './retention.ts'
import { dayOf, lastDays } from './time-zone.ts'
import { toWireTime } from './wire-time.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 3_600_000
const DAU_DAYS = 30
const STATUS_DAYS = 60

/** Epoch milliseconds, the end exclusive. No template ids: all. */
export interface Period {
  readonly start: number
  readonly end: number
  readonly templateIds: readonly string[]
}

export interface Insights {
  /** Users active on each of the last 30 days. */
  dailyActiveUsers(offsetMs: number): { readonly date: string; readonly amount: number }[]
  userActivity(period: Period): z.output<typeof userActivitySchema>[]
  activeUsers(period: Period): number
  appsUsage(period: Period): z.output<typeof templateAppUsageSchema>[]
  parametersUsage(period: Period): TemplateParameterUsage[]
  /** The period cut into days or weeks: those of which minutes are kept, up to now. */
  intervals(period: Period, interval: 'day' | 'week'): z.output<typeof templateInsightsIntervalReportSchema>[]
  /** Accounts in each state at the end of each of the last 60 days. */
  statusCounts(offsetMs: number): Record<string, z.output<typeof userStatusChangeCountSchema>[]>
}

const APPS = [
  { slug: 'vscode', display_name: 'Visual Studio Code', icon: '/icon/code.svg' },
  { slug: 'jetbrains', display_name: 'JetBrains', icon: '/icon/intellij.svg' },
  { slug: 'reconnecting-pty', display_name: 'Web Terminal', icon: '/icon/terminal.svg' },
  { slug: 'ssh', display_name: 'SSH', icon: '/icon/terminal.svg' },
] as const

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)]

export function createInsights(db: Database, clock: Clock): Insights {
  const activityIn = ({ start, end, templateIds }: Period) => {
    let query = db.sql
      .selectFrom('workspace_activity as activity')
      .innerJoin('users', 'users.id', 'activity.user_id')
      .select([
        'activity.workspace_id',
        'activity.app',
        'activity.minute',
        'activity.user_id',
        'activity.template_id',
        'users.username',
        'users.avatar_url',
      ])
      .where('activity.minute', '>=', Math.floor(start / MINUTE_MS))
      .where('activity.minute', '<', Math.floor(end / MINUTE_MS))
      .orderBy('activity.minute')
    if (templateIds.length > 0) query = query.where('activity.template_id', 'in', [...templateIds])
    return db.all(query)
  }
  const activeUsers = (period: Period): number =>
    unique(activityIn(period).map(({ user_id: id }) => id)).length

  return {
    activeUsers,
    dailyActiveUsers(offsetMs) {
      const days = lastDays(clock.now(), offsetMs, DAU_DAYS)
      const period = { start: days[0] ?? 0, end: (days.at(-1) ?? 0) + DAY_MS, templateIds: [] }
      const byDay = groupBy(activityIn(period), ({ minute }) => dayOf(minute * MINUTE_MS, offsetMs))
      return days.map((day) => {
        const date = dayOf(day, offsetMs)
        return { date, amount: unique((byDay.get(date) ?? []).map(({ user_id: id }) => id)).length }
      })
    },
    userActivity(period) {
      const byUser = groupBy(activityIn(period), ({ user_id: id }) => id)
      return [...byUser].flatMap(([userId, rows]) => {
        const [first] = rows
        if (!first) return []
        return [
          {
            template_ids: unique(rows.map(({ template_id: id }) => id)),
            user_id: userId,
            username: first.username,
            avatar_url: first.avatar_url,
            seconds: unique(rows.map(({ minute }) => minute)).length * 60,
          },
        ]
      })
    },
    appsUsage(period) {
      const byApp = groupBy(activityIn(period), ({ app }) => app)
      return APPS.map((app) => {
        const rows = byApp.get(app.slug) ?? []
        const used = new Set(rows.map((row) => `${row.workspace_id} ${row.minute}`))
        return {
          ...app,
          template_ids: unique(rows.map(({ template_id: id }) => id)),
          type: 'builtin',
          seconds: rows.length * 60,
          // A use begins with a minute that follows no other one.
          times_used: rows.filter((row) => !used.has(`${row.workspace_id} ${row.minute - 1}`)).length,
        }
      })
    },
    intervals(period, interval) {
      const step = interval === 'day' ? DAY_MS : 7 * DAY_MS
      const now = clock.now()
      const outdated = Math.floor((now - retentionMs.activity - period.start) / step)
      const start = period.start + Math.max(0, outdated) * step
      const end = Math.min(period.end, now + 1)
      const count = Math.max(0, Math.ceil((end - start) / step))
      const byInterval = groupBy(activityIn({ ...period, start }), ({ minute }) =>
        Math.floor((minute * MINUTE_MS - start) / step),
      )
      return Array.from({ length: count }, (_, index) => {
        const rows = byInterval.get(index) ?? []
        return {
          start_time: toWireTime(start + index * step),
          end_time: toWireTime(Math.min(start + (index + 1) * step, period.end)),
          template_ids: unique(rows.map(({ template_id: id }) => id)),
          interval,
          active_users: unique(rows.map(({ user_id: id }) => id)).length,
        }
      })
    },
    parametersUsage: (period) => parametersUsage(db, period),
    statusCounts: (offsetMs) => statusCounts(db, clock, offsetMs),
  }
}

function parametersUsage(db: Database, { start, end, templateIds }: Period): TemplateParameterUsage[] {
  let query = db.sql
    .selectFrom('workspace_build_parameters as parameter')
    .innerJoin('workspace_builds as build', 'build.id', 'parameter.build_id')
    .innerJoin('workspaces', 'workspaces.id', 'build.workspace_id')
    .innerJoin('template_versions as version', 'version.id', 'build.template_version_id')
    .select(['parameter.name', 'parameter.value', 'workspaces.template_id', 'version.parameters'])
    .where('build.transition', '=', 'start')
    .where('build.created_at', '>=', start)
    .where('build.created_at', '<', end)
    .orderBy('build.created_at')
  if (templateIds.length > 0) query = query.where('workspaces.template_id', 'in', [...templateIds])
  const byParameter = groupBy(db.all(query), (row) => `${row.template_id} ${row.name}`)
  return [...byParameter.values()].flatMap((rows) => {
    const last = rows.at(-1)
    const defined = last && (JSON.parse(last.parameters) as TemplateVersionParameter[])
    const definition = defined?.find(({ name }) => name === last?.name)
    if (!last || !definition) return []
    const values = [...groupBy(rows, ({ value }) => value)]
    return [
      {
        template_ids: [last.template_id],
        display_name: definition.display_name ?? '',
        name: last.name,
        type: definition.type,
        description: definition.description_plaintext,
        options: definition.options,
        values: values.map(([value, used]) => ({ value, count: used.length })),
      },
    ]
  })
}

function statusCounts(
  db: Database,
  clock: Clock,
  offsetMs: number,
): Record<string, { readonly date: string; readonly count: number }[]> {
  const now = clock.now()
  const changes = db.all(
    db.sql
      .selectFrom('user_status_changes')
      .select(['user_id', 'status', 'changed_at'])
      .orderBy('changed_at')
      .orderBy('id'),
  )
  const counts: Record<string, { date: string; count: number }[]> = { active: [], dormant: [], suspended: [] }
  const present = new Map<string, string>()
  let next = 0
  for (const day of lastDays(now, offsetMs, STATUS_DAYS)) {
    for (; (changes[next]?.changed_at ?? Infinity) < day + DAY_MS; next += 1) {
      const change = changes[next]
      if (change) present.set(change.user_id, change.status)
    }
    for (const [status, entries] of Object.entries(counts)) {
      const count = [...present.values()].filter((one) => one === status).length
      entries.push({ date: toWireTime(day), count })
    }
  }
  return counts
}
