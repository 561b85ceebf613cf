import type { Clock } from '../../lib/clock.ts'

/** Coder's CLI reports use once a minute while a connection is open; more often would tell nothing new. */
const ACTIVITY_MS = 60_000

/** Notes the use of a workspace when it is called, at most once a minute. */
export function createActivityMeter(clock: Clock, record: () => void): () => void {
  let nextAt = 0
  return () => {
    if (clock.now() < nextAt) return
    nextAt = clock.now() + ACTIVITY_MS
    record()
  }
}
