import type { Clock } from '../lib/clock.ts'
import { connectionError } from './connection-failure.ts'

export interface CallLimit {
  readonly signal: AbortSignal
  /** Something arrived: the time starts anew. */
  readonly progress: () => void
  /** Why the signal fired, as our error; `undefined` when it did not. */
  readonly reason: () => Error | undefined
  readonly dispose: () => void
}

/** Joins a caller's signal with a limit of silence. Dispose ends the timer and the listener. */
export function createCallLimit(
  clock: Clock,
  timeoutMs: number,
  host: string,
  outer: AbortSignal | undefined,
): CallLimit {
  const controller = new AbortController()
  let reason: Error | undefined
  const stop = (error: Error) => {
    reason ??= error
    controller.abort(reason)
  }
  const onOuterAbort = () => {
    stop(connectionError('aborted', host, outer?.reason))
  }
  const arm = () =>
    clock.after(timeoutMs, () => {
      stop(connectionError('timeout', host))
    })
  let cancel = arm()
  if (outer?.aborted === true) onOuterAbort()
  else outer?.addEventListener('abort', onOuterAbort, { once: true })
  return {
    signal: controller.signal,
    progress() {
      cancel()
      if (reason === undefined) cancel = arm()
    },
    reason: () => reason,
    dispose() {
      cancel()
      outer?.removeEventListener('abort', onOuterAbort)
    },
  }
}

/** Resolves after a while, or rejects as soon as the caller gives up. */
export function pause(clock: Clock, delayMs: number, host: string, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel()
      reject(connectionError('aborted', host, signal?.reason))
    }
    const cancel = clock.after(delayMs, () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    if (signal?.aborted === true) onAbort()
    else signal?.addEventListener('abort', onAbort, { once: true })
  })
}
