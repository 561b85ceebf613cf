import type { RateClass, RouteDefinition } from '../../contract/route.ts'
import type { Clock } from '../../lib/clock.ts'

const WINDOW_MS = 60_000
/** Calls of one route within a minute, of one person or from one address. */
export const rateLimits: Readonly<Record<RateClass, number>> = {
  api: 512,
  login: 60,
  files: 12,
  'chat-files': 12,
}

/**
 * What calls of a route are counted under: its path with its parameters, as with Coder, decoded and without case, so that
 * no other spelling of one path has a count of its own. Guesses of passwords are counted over every parameter.
 */
export function rateKey(
  { path, rate }: Pick<RouteDefinition, 'path' | 'rate'>,
  params: Readonly<Record<string, string>>,
): string {
  if (rate === 'login') return path
  // Uploads and downloads of all files together (agents-api 1).
  if (rate === 'chat-files') return ''
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent((params[name] ?? '').toLowerCase()),
  )
}

export interface RateVerdict {
  readonly allowed: boolean
  readonly headers: Record<string, string>
}

export interface RateLimiter {
  /** Counts one call of `key` against `limit` calls a minute. */
  hit(key: string, limit: number): RateVerdict
}

interface Count {
  window: number
  current: number
  previous: number
}

/** A sliding window made of two fixed ones, as the library behind Coder's limits counts. */
export function createRateLimiter(clock: Clock): RateLimiter {
  const counts = new Map<string, Count>()
  let sweptWindow = 0

  // Keys hold paths and addresses, so old ones must not pile up.
  const sweep = (window: number): void => {
    if (window === sweptWindow) return
    sweptWindow = window
    for (const [key, count] of counts) if (count.window < window - 1) counts.delete(key)
  }

  return {
    hit(key, limit) {
      const now = clock.now()
      const window = Math.floor(now / WINDOW_MS)
      sweep(window)
      const known = counts.get(key)
      const count: Count =
        known?.window === window
          ? known
          : { window, current: 0, previous: known?.window === window - 1 ? known.current : 0 }
      counts.set(key, count)
      const remainingShare = 1 - (now % WINDOW_MS) / WINDOW_MS
      const used = Math.round(count.previous * remainingShare + count.current)
      const allowed = used < limit
      if (allowed) count.current += 1
      const headers: Record<string, string> = {
        'x-ratelimit-limit': String(limit),
        'x-ratelimit-remaining': String(Math.max(0, limit - used - 1)),
        'x-ratelimit-reset': String(Math.floor(((window + 1) * WINDOW_MS) / 1000)),
      }
      if (!allowed) headers['retry-after'] = String(WINDOW_MS / 1000)
      return { allowed, headers }
    },
  }
}

/** Counts nothing, as Coder's `--dangerous-disable-rate-limits`. */
export const noRateLimits: RateLimiter = { hit: () => ({ allowed: true, headers: {} }) }
