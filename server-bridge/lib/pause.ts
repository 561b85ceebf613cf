import type { Clock } from './clock.ts'

/** Resolves after `delayMs`, or as soon as `signal` aborts; whoever waits looks at the signal. */
export function pauseUntil(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const cancel = clock.after(delayMs, done)
    if (signal.aborted) done()
    else signal.addEventListener('abort', done, { once: true })
  })
}
