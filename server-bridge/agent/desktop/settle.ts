import type { Clock } from '../../lib/clock.ts'
import type { RfbClient } from './rfb-client.ts'

/** A screen that stands still for so long shows what an action did. */
const QUIET_MS = 200
/** Windows need a moment before anything moves. */
const BEGINNING_MS = 500
/** A film never stands still. */
const LONGEST_MS = 2500

/** Waits for so long. @throws the reason of `signal` as soon as it is aborted. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      cancel()
      reject(signal.reason as Error)
    }
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}

/** Follows the screen until it stands still, or long enough. @throws where the connection ends or `signal` is aborted. */
export function settle(
  client: RfbClient,
  {
    clock,
    signal,
    hasActed,
  }: { readonly clock: Clock; readonly signal: AbortSignal; readonly hasActed: boolean },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const startedAt = clock.now()
    let cancelQuiet = (): void => undefined
    const finish = (settled: () => void): void => {
      cancelQuiet()
      cancelLongest()
      stopListening()
      signal.removeEventListener('abort', stop)
      settled()
    }
    const stop = (): void => finish(() => reject(signal.reason as Error))
    const wait = (): void => {
      cancelQuiet()
      const beginning = hasActed ? BEGINNING_MS - (clock.now() - startedAt) : 0
      cancelQuiet = clock.after(Math.max(QUIET_MS, beginning), () => finish(resolve))
    }
    const stopListening = client.onChange(() => {
      const { ended } = client
      if (ended !== undefined) {
        finish(() => reject(ended))
        return
      }
      client.askForChanges()
      wait()
    })
    const cancelLongest = clock.after(LONGEST_MS, () => finish(resolve))
    if (signal.aborted) {
      stop()
      return
    }
    signal.addEventListener('abort', stop)
    client.askForChanges()
    wait()
  })
}
