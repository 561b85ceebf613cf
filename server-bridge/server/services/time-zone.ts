const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** How far the zone is ahead of UTC at that moment, in milliseconds; `undefined` for a zone nobody knows. */
export function zoneOffsetMs(zone: string, at: number): number | undefined {
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    }).formatToParts(at)
    const part = (type: Intl.DateTimeFormatPartTypes): number =>
      Number(parts.find((one) => one.type === type)?.value)
    const local = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    )
    return local - Math.floor(at / 1000) * 1000
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** The day that a moment falls on, where clocks are `offsetMs` ahead of UTC, as `YYYY-MM-DD`. */
export function dayOf(at: number, offsetMs: number): string {
  return new Date(at + offsetMs).toISOString().slice(0, 10)
}

/** The starts of the last `count` days up to and including the one of `now`, oldest first. */
export function lastDays(now: number, offsetMs: number, count: number): number[] {
  const today = Math.floor((now + offsetMs) / DAY_MS) * DAY_MS - offsetMs
  return Array.from({ length: count }, (_, index) => today - (count - 1 - index) * DAY_MS)
}
