/** Files that were dropped into a window, until the page asks for them. */
import type { Clock } from '#bridge/lib/clock'

export interface DroppedFiles {
  add(windowId: number, dropId: string, paths: readonly string[]): void
  /** Paths of a drop of this window, once; the message of the page may be here before the preload's. */
  take(windowId: number, dropId: string): Promise<readonly string[] | undefined>
}

const patienceMs = 2000
/** Drops nobody asked for. */
const maxKept = 20

export function createDroppedFiles(clock: Clock): DroppedFiles {
  const kept = new Map<string, readonly string[]>()
  const waiting = new Map<string, (paths: readonly string[]) => void>()
  const keyOf = (windowId: number, dropId: string): string => `${String(windowId)} ${dropId}`
  return {
    add(windowId, dropId, paths) {
      const key = keyOf(windowId, dropId)
      const waiter = waiting.get(key)
      if (waiter !== undefined) {
        waiter(paths)
        return
      }
      kept.set(key, paths)
      for (const old of kept.keys()) {
        if (kept.size <= maxKept) break
        kept.delete(old)
      }
    },
    take(windowId, dropId) {
      const key = keyOf(windowId, dropId)
      const paths = kept.get(key)
      kept.delete(key)
      if (paths !== undefined) return Promise.resolve(paths)
      return new Promise((resolve) => {
        const cancel = clock.after(patienceMs, () => {
          waiting.delete(key)
          resolve(undefined)
        })
        waiting.set(key, (given) => {
          waiting.delete(key)
          cancel()
          resolve(given)
        })
      })
    },
  }
}
