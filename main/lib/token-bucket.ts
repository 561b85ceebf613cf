/** Limits how often something may happen: bursts up to `capacity`, `refillPerSecond` in the long run. */
import type { Clock } from '#bridge/lib/clock'

export interface TokenBucket {
  /** Takes one token; false when there is none. */
  take(): boolean
}

export interface TokenBucketOptions {
  readonly capacity: number
  readonly refillPerSecond: number
  readonly clock: Pick<Clock, 'now'>
}

/** Makes a full bucket. It needs no timer: tokens are counted when one is taken. */
export function createTokenBucket({ capacity, refillPerSecond, clock }: TokenBucketOptions): TokenBucket {
  let tokens = capacity
  let countedAt = clock.now()
  return {
    take() {
      const now = clock.now()
      // A clock set back by the user must not take tokens away.
      const elapsedMs = Math.max(0, now - countedAt)
      countedAt = now
      tokens = Math.min(capacity, tokens + (elapsedMs / 1000) * refillPerSecond)
      if (tokens < 1) return false
      tokens -= 1
      return true
    },
  }
}
