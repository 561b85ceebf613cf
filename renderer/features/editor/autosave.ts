import type { RecoveryStore, UnsavedText } from './recovery.ts'

/** How long typing rests before the text is kept. */
const keepAfterMs = 800

export interface Autosave {
  /** A text changed: it is kept soon. */
  changed(id: string): void
  /** Its changes are saved or thrown away: what was kept goes. */
  forget(id: string): void
  /** A copy of before belongs to it. */
  adopt(id: string, recoveryId: string): void
  /** Keeps all that waits, now. */
  flush(): void
}

/** Keeps unsaved texts outside of the window while they are typed. */
export function createAutosave(deps: {
  readonly recoveries: RecoveryStore
  /** The text of a document now; `undefined` where nothing is unsaved. */
  readonly unsaved: (id: string) => UnsavedText | undefined
  readonly onKept: (id: string, isKept: boolean) => void
  /** Tests have less of it. */
  readonly afterMs?: number | undefined
}): Autosave {
  const { recoveries, unsaved, onKept, afterMs = keepAfterMs } = deps
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  const kept = new Map<string, string>()
  /** One write of a document at a time, and the removal after it. */
  const queues = new Map<string, Promise<void>>()

  const queue = (id: string, work: () => Promise<void>): void => {
    const next = (queues.get(id) ?? Promise.resolve()).then(work).catch(() => onKept(id, false))
    queues.set(id, next)
  }
  const keep = (id: string): void => {
    clearTimeout(timers.get(id))
    timers.delete(id)
    queue(id, async () => {
      const text = unsaved(id)
      if (!text) return
      kept.set(id, await recoveries.keep(text))
      onKept(id, true)
    })
  }
  return {
    changed: (id) => {
      clearTimeout(timers.get(id))
      timers.set(
        id,
        setTimeout(() => keep(id), afterMs),
      )
    },
    forget: (id) => {
      clearTimeout(timers.get(id))
      timers.delete(id)
      queue(id, async () => {
        const recoveryId = kept.get(id)
        kept.delete(id)
        if (recoveryId !== undefined) await recoveries.remove(recoveryId)
      })
    },
    adopt: (id, recoveryId) => void kept.set(id, recoveryId),
    flush: () => {
      for (const id of timers.keys()) keep(id)
    },
  }
}
