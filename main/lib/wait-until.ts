import type { Clock } from '#bridge/lib/clock'
import type { LiveValue } from './live-value.ts'

export interface WaitLimits {
  readonly clock: Pick<Clock, 'after'>
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Resolves when the value fits, or when waiting longer is not worth it: the caller looks at the value then. */
export function waitUntil<T>(
  value: LiveValue<T>,
  fits: (value: T) => boolean,
  { clock, timeoutMs, signal }: WaitLimits,
): Promise<void> {
  if (fits(value.get()) || signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = (): void => {
      stopListening()
      cancelTimer()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const stopListening = value.onChange((next) => {
      if (fits(next)) done()
    })
    const cancelTimer = clock.after(timeoutMs, done)
    signal.addEventListener('abort', done)
  })
}
