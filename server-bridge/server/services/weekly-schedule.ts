import { Cron } from 'croner'

/** A schedule that cannot be used; the message is one sentence for the person who wrote it. */
export class ScheduleError extends Error {
  override readonly name = 'ScheduleError'
}

export interface WeeklySchedule {
  /** An IANA name. */
  readonly timeZone: string
  /** The first moment after the given one, in epoch milliseconds; never the given one itself. */
  next(afterMs: number): number
  /** The day a moment falls on in the schedule's zone: 0 is Sunday. */
  weekday(atMs: number): number
}

const ZONE_PREFIX = 'CRON_TZ='
const ZONE_NAME = /^[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)*$/
/** What the standard five-field grammar has; the library would take more than Coder does. */
const TIME_FIELD = /^[\d*,/-]+$/
const DAY_FIELD = /^(?:[0-6]|[*,/-]|sun|mon|tue|wed|thu|fri|sat)+$/i
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

function splitSpec(spec: string): { readonly timeZone: string; readonly fields: readonly string[] } {
  const parts = spec.trim().split(/\s+/)
  const zone = parts[0]?.startsWith(ZONE_PREFIX) === true ? parts.shift() : undefined
  if (parts.length !== 5) {
    throw new ScheduleError(
      'expected schedule to consist of 5 fields with an optional CRON_TZ=<timezone> prefix',
    )
  }
  return { timeZone: zone?.slice(ZONE_PREFIX.length) ?? 'UTC', fields: parts }
}

function weekdayFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    if (!ZONE_NAME.test(timeZone)) throw new RangeError(timeZone)
    return new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short' })
  } catch {
    throw new ScheduleError(`parse schedule: provided bad location ${timeZone}`)
  }
}

/**
 * Reads an autostart schedule: `CRON_TZ=<IANA zone> <min> <hour> * * <dow>`; without a zone it is UTC (stable-api,
 * section 10).
 *
 * @throws {ScheduleError} for anything else, also for one that never comes true.
 */
export function parseWeeklySchedule(spec: string): WeeklySchedule {
  const { timeZone, fields } = splitSpec(spec)
  const [minute = '', hour = '', day, month, weekday = ''] = fields
  if (day !== '*') throw new ScheduleError('expected day-of-month to be *')
  if (month !== '*') throw new ScheduleError('expected month to be *')
  const format = weekdayFormat(timeZone)
  if (!TIME_FIELD.test(minute) || !TIME_FIELD.test(hour) || !DAY_FIELD.test(weekday)) {
    throw new ScheduleError(`parse schedule: ${fields.join(' ')} is not a weekly schedule`)
  }
  const cron = parseCron(fields.join(' '), timeZone)
  return {
    timeZone,
    next(afterMs) {
      const next = cron.nextRun(new Date(afterMs))
      if (!next) throw new ScheduleError('the schedule never comes true')
      return next.getTime()
    },
    weekday: (atMs) => WEEKDAYS.indexOf(format.format(atMs)),
  }
}

function parseCron(fields: string, timeZone: string): Cron {
  try {
    return new Cron(fields, { timezone: timeZone, paused: true, mode: '5-part' })
  } catch (error) {
    throw new ScheduleError(`parse schedule: ${error instanceof Error ? error.message : String(error)}`)
  }
}
