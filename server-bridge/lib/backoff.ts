/** How long to wait before the next attempt. */
export interface BackoffPolicy {
  /** Upper bound of the first delay; doubles with every attempt. */
  readonly baseMs: number
  /** No delay is longer. */
  readonly capMs: number
  /** No delay is shorter, so that a lucky draw does not become a hot loop. */
  readonly floorMs: number
}

/**
 * Exponential back-off with full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"): clients that lost the
 * same server spread out instead of returning together.
 *
 * @param attempt Failures so far, from 0.
 * @param random A number in [0, 1).
 */
export function backoffDelay(policy: BackoffPolicy, attempt: number, random: () => number): number {
  // 2^30 base delays are beyond every cap; the limit keeps the power finite.
  const ceiling = Math.min(policy.capMs, policy.baseMs * 2 ** Math.min(attempt, 30))
  return Math.max(policy.floorMs, Math.min(policy.capMs, Math.round(random() * ceiling)))
}
