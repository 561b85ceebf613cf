import type { DAUsResponse } from '../../contract/templates.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'

const HOUR_MS = 3_600_000
const HOURS_A_DAY = 24

/** Who used the workspaces of which template, from what the database notes of every use. */
export interface TemplateUsage {
  /** Users of the last 24 hours, by template. */
  activeUsers(templateIds: readonly string[]): ReadonlyMap<string, number>
  /** Users of each day since the first use. The offset of the caller's zone is in hours. */
  daily(templateId: string, zoneOffsetHours: number): DAUsResponse
}

export function createTemplateUsage(db: Database, clock: Clock): TemplateUsage {
  const currentHour = (): number => Math.floor(clock.now() / HOUR_MS)
  return {
    activeUsers(templateIds) {
      const rows = db.all(
        db.sql
          .selectFrom('template_use_hours')
          .select((select) => [
            'template_id as templateId',
            select.fn.count<number>('user_id').distinct().as('users'),
          ])
          .where('template_id', 'in', [...templateIds])
          .where('hour', '>', currentHour() - HOURS_A_DAY)
          .groupBy('template_id'),
      )
      return new Map(rows.map(({ templateId, users }) => [templateId, users]))
    },
    daily(templateId, zoneOffsetHours) {
      const rows = db.all(
        db.sql
          .selectFrom('template_use_hours')
          .select(['user_id', 'hour'])
          .where('template_id', '=', templateId)
          .orderBy('hour'),
      )
      const dayOf = (hour: number): number => Math.floor((hour + zoneOffsetHours) / HOURS_A_DAY)
      const usersByDay = new Map<number, Set<string>>()
      for (const { user_id: userId, hour } of rows) {
        const users = usersByDay.get(dayOf(hour)) ?? new Set()
        usersByDay.set(dayOf(hour), users.add(userId))
      }
      const [first] = usersByDay.keys()
      const days = first === undefined ? 0 : Math.max(0, dayOf(currentHour()) - first + 1)
      return {
        tz_hour_offset: zoneOffsetHours,
        entries: Array.from({ length: days }, (_, index) => {
          const day = (first ?? 0) + index
          return { date: toDate(day), amount: usersByDay.get(day)?.size ?? 0 }
        }),
      }
    },
  }
}

function toDate(daysSinceEpoch: number): string {
  return new Date(daysSinceEpoch * HOURS_A_DAY * HOUR_MS).toISOString().slice(0, 10)
}
