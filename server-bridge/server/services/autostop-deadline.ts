import type { TemplateSettings } from './template-settings.ts'
import { parseWeeklySchedule, ScheduleError } from './weekly-schedule.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const WEEK_MS = 7 * DAY_MS
/** A Monday: weeks are counted from here, so that every server has the same ones. */
const FIRST_MONDAY = Date.UTC(2023, 0, 2)
/** A workspace that was just started is not stopped again at once: the next window takes it. */
const STOP_LEEWAY_MS = HOUR_MS
/** Activity moves a deadline only when so much of the bump is used up, so that it is not written every minute. */
const BUMP_FRACTION = 0.95

/** Monday is the first, as in Coder's lists of days. */
const DAY_NAMES = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

export interface Deadlines {
  /** Epoch milliseconds; null: never. */
  readonly deadline: number | null
  readonly maxDeadline: number | null
}

/** The time to live that counts: the template's where people may not choose. Null: stopped by hand only. */
export function effectiveTtl(
  ttlMs: number | null,
  settings: Pick<TemplateSettings, 'allow_user_autostop' | 'default_ttl_ms'>,
): number | null {
  const ttl = settings.allow_user_autostop ? ttlMs : settings.default_ttl_ms
  return ttl === null || ttl <= 0 ? null : ttl
}

/** When a workspace that becomes ready now will be stopped. */
export function deadlinesFor(now: number, ttlMs: number | null, settings: TemplateSettings): Deadlines {
  const ttl = effectiveTtl(ttlMs, settings)
  const maxDeadline = requiredStop(now, settings.autostop_requirement)
  const wanted = ttl === null ? null : now + ttl
  return {
    deadline: wanted === null || (maxDeadline !== null && maxDeadline < wanted) ? maxDeadline : wanted,
    maxDeadline,
  }
}

/**
 * The next midnight (UTC, Coder's default quiet hours) of a day on which the template wants its workspaces stopped, at
 * least an hour away; null where it wants no such thing.
 */
export function requiredStop(
  now: number,
  requirement: TemplateSettings['autostop_requirement'],
): number | null {
  const days = new Set(requirement.days_of_week.map((day) => day.toLowerCase()))
  if (!DAY_NAMES.some((name) => days.has(name))) return null
  const weeks = Math.max(1, requirement.weeks)
  const first = Math.ceil((now + STOP_LEEWAY_MS) / DAY_MS) * DAY_MS
  for (let day = first; day <= first + weeks * WEEK_MS; day += DAY_MS) {
    const sinceMonday = day - FIRST_MONDAY
    const week = Math.floor(sinceMonday / WEEK_MS)
    const name = DAY_NAMES[Math.floor((sinceMonday - week * WEEK_MS) / DAY_MS)] ?? ''
    if (days.has(name) && week % weeks === 0) return day
  }
  return null
}

export interface BumpRequest extends Deadlines {
  readonly now: number
  readonly bumpMs: number
  readonly ttlMs: number | null
  /** A start that falls into the bump would find the workspace running and not begin a new day. */
  readonly nextStartAt: number | null
}

/** The deadline after a sign of activity; undefined when it stays as it is. It never moves back, nor beyond the limit. */
export function bumpedDeadline(request: BumpRequest): number | undefined {
  const { now, deadline, maxDeadline, bumpMs, ttlMs, nextStartAt } = request
  if (deadline === null || bumpMs <= 0) return undefined
  if (deadline - bumpMs * BUMP_FRACTION > now) return undefined
  const startsSoon = nextStartAt !== null && nextStartAt > now && nextStartAt < now + bumpMs
  const wanted = startsSoon && ttlMs !== null ? nextStartAt + ttlMs : now + bumpMs
  const target = maxDeadline === null ? wanted : Math.min(wanted, maxDeadline)
  return target > deadline ? target : undefined
}

const WEEKDAY_NAMES = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']

/** The next automatic start after a moment on a day that the template allows; null where there is none. */
export function nextAutostart(
  after: number,
  schedule: string | null,
  settings: Pick<TemplateSettings, 'allow_user_autostart' | 'autostart_requirement'>,
): number | null {
  if (schedule === null || schedule === '' || !settings.allow_user_autostart) return null
  const allowed = new Set(settings.autostart_requirement.days_of_week.map((day) => day.toLowerCase()))
  try {
    const weekly = parseWeeklySchedule(schedule)
    // A week holds every time there is; a day more covers a change of the clock.
    for (let at = weekly.next(after); at - after <= WEEK_MS + DAY_MS; at = weekly.next(at)) {
      if (allowed.has(WEEKDAY_NAMES[weekly.weekday(at)] ?? '')) return at
    }
    return null
  } catch (error) {
    if (error instanceof ScheduleError) return null
    throw error
  }
}
