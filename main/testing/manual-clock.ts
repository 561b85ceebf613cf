import type { Clock } from '#bridge/lib/clock'

export interface ManualClock extends Clock {
  /** Moves time on and runs what is due, in order. Callbacks may start new timers, which run too when due. */
  advance(ms: number): void
  /** Timers that wait, so that a test can tell that nothing was left. */
  readonly pending: number
}

interface Timer {
  at: number
  readonly every: number | undefined
  readonly run: () => void
}

/** A clock that stands still until a test moves it. */
export function createManualClock(start = Date.UTC(2026, 10, 22, 12)): ManualClock {
  let now = start
  const timers = new Set<Timer>()
  const add = (timer: Timer): (() => void) => {
    timers.add(timer)
    return () => {
      timers.delete(timer)
    }
  }
  return {
    now: () => now,
    after: (delayMs, run) => add({ at: now + delayMs, every: undefined, run }),
    every: (intervalMs, run) => add({ at: now + intervalMs, every: intervalMs, run }),
    advance(ms) {
      const end = now + ms
      for (;;) {
        const next = [...timers].filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0]
        if (next === undefined) break
        now = Math.max(now, next.at)
        if (next.every === undefined) timers.delete(next)
        else next.at += next.every
        next.run()
      }
      now = end
    },
    get pending() {
      return timers.size
    },
  }
}
