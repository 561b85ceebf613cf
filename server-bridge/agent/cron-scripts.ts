import type { Clock } from '../lib/clock.ts'
import { parseCronPattern } from '../lib/cron-pattern.ts'

/** Longer waits are cut in pieces: a timer of Node overflows after 24 days. */
const maxWaitMs = 24 * 3600_000

/**
 * Calls `run` at every time of the pattern; a time that comes while the run before still goes on is left out.
 *
 * @returns what ends it. @throws {Error} for a pattern that is none.
 */
export function runOnSchedule(clock: Clock, pattern: string, run: () => Promise<void>): () => void {
  const cron = parseCronPattern(pattern)
  let cancel: () => void = () => undefined
  let isRunning = false

  const wait = (): void => {
    const next = cron.nextRun(new Date(clock.now()))
    if (next === null) return
    const waitUntilDue = (): void => {
      const waitMs = next.getTime() - clock.now()
      if (waitMs > 0) cancel = clock.after(Math.min(waitMs, maxWaitMs), waitUntilDue)
      else fire()
    }
    waitUntilDue()
  }
  const fire = (): void => {
    if (!isRunning) {
      isRunning = true
      void run().finally(() => {
        isRunning = false
      })
    }
    wait()
  }
  wait()
  return () => {
    cancel()
  }
}
