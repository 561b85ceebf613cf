const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** A length of time in two units at most: `45 s`, `12 m`, `1 h 42 m`, `3 d 4 h`. Never negative. */
export function formatDuration(ms: number): string {
  const rest = Math.max(0, ms)
  if (rest < minuteMs) return `${Math.floor(rest / 1000)} s`
  if (rest < hourMs) return `${Math.floor(rest / minuteMs)} m`
  if (rest < dayMs) return pair(rest, { ms: hourMs, name: 'h' }, { ms: minuteMs, name: 'm' })
  return pair(rest, { ms: dayMs, name: 'd' }, { ms: hourMs, name: 'h' })
}

interface Unit {
  readonly ms: number
  readonly name: string
}

function pair(ms: number, big: Unit, small: Unit): string {
  const whole = Math.floor(ms / big.ms)
  const part = Math.floor((ms % big.ms) / small.ms)
  return part === 0 ? `${whole} ${big.name}` : `${whole} ${big.name} ${part} ${small.name}`
}

/** A running clock for what takes seconds to minutes: `0:48`, `4:12`, `4:12:07`. */
export function formatClock(ms: number): string {
  const seconds = Math.floor(Math.max(0, ms) / 1000)
  const pad = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  if (hours > 0) return `${hours}:${pad(minutes)}:${pad(seconds % 60)}`
  return `${minutes}:${pad(seconds % 60)}`
}

/** How long a step took: `< 0.1 s`, `0.8 s`, `31.8 s`, then a clock. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, ms) / 1000
  // "0.0 s" would read as if it had not happened.
  if (seconds < 0.1) return '< 0.1 s'
  return seconds < 60 ? `${seconds.toFixed(1)} s` : formatClock(ms)
}

/** A time seen from now: `now`, `in 12 m`, `4 m ago`. */
export function formatRelative(timeMs: number, nowMs: number): string {
  const difference = timeMs - nowMs
  const size = Math.abs(difference)
  if (size < 5000) return 'now'
  // One unit reads faster here; the exact time is in the tooltip.
  const text = coarse(size)
  return difference > 0 ? `in ${text}` : `${text} ago`
}

/** How long ago in one unit, for a narrow column: `now`, `9 m`, `2 d`. */
export function formatAge(timeMs: number, nowMs: number): string {
  const age = nowMs - timeMs
  return age < minuteMs ? 'now' : coarse(age)
}

function coarse(ms: number): string {
  if (ms < minuteMs) return `${Math.floor(ms / 1000)} s`
  if (ms < hourMs) return `${Math.floor(ms / minuteMs)} m`
  if (ms < dayMs) return `${Math.floor(ms / hourMs)} h`
  if (ms < 365 * dayMs) return `${Math.floor(ms / dayMs)} d`
  return `${Math.floor(ms / (365 * dayMs))} y`
}

/** How long the words stay true, so that a ticker need not run faster than they change. */
export function relativeStepMs(distanceMs: number): number {
  const size = Math.abs(distanceMs)
  if (size < 2 * minuteMs) return 1000
  if (size < hourMs) return 10_000
  return minuteMs
}
