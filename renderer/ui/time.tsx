import { formatAge, formatClock, formatDuration, formatElapsed, formatRelative } from '../lib/duration.ts'
import { useNow, useSeconds } from '../lib/ticker.ts'

/** A point in time: milliseconds, a Date, or an ISO text as servers send it. */
export type TimeValue = number | string | Date

function toMs(value: TimeValue): number {
  return typeof value === 'number' ? value : new Date(value).getTime()
}

// Made once: building a formatter costs more than painting a row.
const exactFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

function exact(ms: number): string {
  return exactFormat.format(ms)
}

export interface RelativeTimeProps {
  readonly value: TimeValue
  /** `4 m`, for a narrow column of things that were. */
  readonly short?: boolean | undefined
  readonly className?: string | undefined
}

/** `4 m ago`, ticking, with the exact time on hover. */
export function RelativeTime({ value, short = false, className }: RelativeTimeProps) {
  const ms = toMs(value)
  const now = useNow(ms)
  if (Number.isNaN(ms)) return null
  return (
    <time
      dateTime={new Date(ms).toISOString()}
      title={exact(ms)}
      className={className ? `num ${className}` : 'num'}
    >
      {short ? formatAge(ms, now) : formatRelative(ms, now)}
    </time>
  )
}

export interface CountdownProps {
  readonly to: TimeValue
  /** Shown once the time is over. */
  readonly over?: string | undefined
  readonly className?: string | undefined
}

/** The time left: `1 h 42 m`, ticking, with the exact end on hover. */
export function Countdown({ to, over = 'now', className }: CountdownProps) {
  const ms = toMs(to)
  const now = useNow(ms)
  if (Number.isNaN(ms)) return null
  const left = ms - now
  return (
    <time
      dateTime={new Date(ms).toISOString()}
      title={exact(ms)}
      className={className ? `num ${className}` : 'num'}
    >
      {left <= 0 ? over : formatDuration(left)}
    </time>
  )
}

export interface ElapsedProps {
  readonly since: TimeValue
  /** Stands still at this time. */
  readonly until?: TimeValue | undefined
  readonly className?: string | undefined
}

/** The time since a start: a clock, `0:48`, until it has an end; then how long it took, `48.2 s`. */
export function Elapsed({ since, until, className }: ElapsedProps) {
  const start = toMs(since)
  const now = useSeconds()
  return (
    <span className={className ? `num ${className}` : 'num'}>
      {until === undefined ? formatClock(now - start) : formatElapsed(toMs(until) - start)}
    </span>
  )
}
