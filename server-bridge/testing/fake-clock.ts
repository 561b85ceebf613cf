import type { Clock } from '../lib/clock.ts'

export interface FakeClock extends Clock {
  /** Moves time on, running what falls due in order. */
  advance(ms: number): void
  /** Sets the time on or back as somebody does who corrects it: timers keep their distance. */
  jump(ms: number): void
  /** Timers that have not run and were not cancelled. */
  readonly pending: number
}

interface Timer {
  due: number
  readonly intervalMs: number | undefined
  readonly run: () => void
}

/** Time under the control of a test. */
export function createFakeClock(startMs = 1_000_000): FakeClock {
  let now = startMs
  const timers = new Set<Timer>()

  function add(delayMs: number, intervalMs: number | undefined, run: () => void): () => void {
    const timer: Timer = { due: now + Math.max(0, delayMs), intervalMs, run }
    timers.add(timer)
    return () => timers.delete(timer)
  }

  function next(until: number): Timer | undefined {
    let first: Timer | undefined
    for (const timer of timers) {
      if (timer.due <= until && (first === undefined || timer.due < first.due)) first = timer
    }
    return first
  }

  return {
    now: () => now,
    after: (delayMs, run) => add(delayMs, undefined, run),
    every: (intervalMs, run) => add(intervalMs, intervalMs, run),
    get pending() {
      return timers.size
    },
    jump(ms) {
      now += ms
      for (const timer of timers) timer.due += ms
    },
    advance(ms) {
      const until = now + ms
      for (let timer = next(until); timer !== undefined; timer = next(until)) {
        now = timer.due
        if (timer.intervalMs === undefined) timers.delete(timer)
        else timer.due += timer.intervalMs
        timer.run()
      }
      now = until
    },
  }
}
