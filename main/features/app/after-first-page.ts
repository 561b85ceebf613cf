import type { Clock } from '#bridge/lib/clock'
import type { Windows } from '../../ports/windows.ts'

/** Without a window, as after a start at login, nothing is waited for longer than this. */
const LIMIT_MS = 1000

/**
 * Runs `work` once the first page asks for its data, which it does when it has drawn itself. Processes that start beside it take its processor time: with both
 * helpers starting at once a window came a fifth later.
 *
 * @returns a function that gives up waiting; `work` is not run then.
 */
export function afterFirstPage(
  { windows, clock }: { readonly windows: Pick<Windows, 'onPeer'>; readonly clock: Clock },
  work: () => void,
): () => void {
  const stops: (() => void)[] = []
  const stop = (): void => {
    for (const undo of stops.splice(0)) undo()
  }
  const run = (): void => {
    stop()
    work()
  }
  stops.push(
    clock.after(LIMIT_MS, run),
    windows.onPeer((peer) => {
      const stopListening = peer.onMessage(() => {
        stopListening()
        run()
      })
      stops.push(stopListening)
    }),
  )
  return stop
}
