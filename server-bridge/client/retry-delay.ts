import { backoffDelay } from '../lib/backoff.ts'
import { CoderApiError, ConnectionError } from './errors.ts'

const retryStatuses = new Set([502, 503, 504])
const backoff = { baseMs: 300, capMs: 3000, floorMs: 50 }
/** A longer `Retry-After` is the caller's to wait for, with the user told. */
const maxRetryAfterMs = 10_000

/** How long to wait before a read is tried again, `undefined` when trying again is no use. */
export function retryDelay(thrown: unknown, failures: number, random: () => number): number | undefined {
  if (thrown instanceof CoderApiError) {
    const wait = thrown.retryAfterMs
    if (wait !== undefined && wait > maxRetryAfterMs) return undefined
    if (thrown.status === 429) return wait
    return retryStatuses.has(thrown.status) ? (wait ?? backoffDelay(backoff, failures, random)) : undefined
  }
  const mayPass =
    thrown instanceof ConnectionError && (thrown.code === 'network' || thrown.code === 'refused')
  return mayPass ? backoffDelay(backoff, failures, random) : undefined
}
