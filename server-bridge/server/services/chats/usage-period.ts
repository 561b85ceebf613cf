import type { UsagePeriod } from '../../../contract/chats-cost.ts'

export interface PeriodBounds {
  readonly start: number
  /** The first moment of the next one. */
  readonly end: number
}

const DAYS_TO_MONDAY = 6
const WEEK_DAYS = 7

/** The period a moment falls into: days, weeks from Monday on and months of UTC (agents-api 14.1). */
export function periodAt(period: UsagePeriod, now: number): PeriodBounds {
  const time = new Date(now)
  const [year, month, day] = [time.getUTCFullYear(), time.getUTCMonth(), time.getUTCDate()]
  switch (period) {
    case 'day':
      return { start: Date.UTC(year, month, day), end: Date.UTC(year, month, day + 1) }
    case 'week': {
      const monday = day - ((time.getUTCDay() + DAYS_TO_MONDAY) % WEEK_DAYS)
      return { start: Date.UTC(year, month, monday), end: Date.UTC(year, month, monday + WEEK_DAYS) }
    }
    case 'month':
      return { start: Date.UTC(year, month, 1), end: Date.UTC(year, month + 1, 1) }
  }
}
