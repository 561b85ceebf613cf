import type { Clock } from '../../lib/clock.ts'
import type { KeyLife } from './sessions.ts'
import type { Topic } from './topics.ts'

/** The key that something was opened with, and whose it is. */
export interface KeyHolder {
  readonly keyId: string
  readonly userId: string
}

/**
 * Waits for the end of a key: it was deleted, it expired, or its user may not sign in any more. `onEnd` is called once,
 * with a reason for the person, and within this call for a key that has ended already.
 *
 * @returns what ends the wait.
 */
export type WatchKey = (holder: KeyHolder, onEnd: (reason: string) => void) => () => void

export interface KeyWatchDeps {
  readonly lifeOf: (keyId: string) => KeyLife
  /** Says that something about the keys of a user changed, by the user's id. */
  readonly topic: Topic
  readonly clock: Clock
}

/** A clock that is set, or a machine that slept, makes a long timer wrong; Node's own end after 24 days. */
const MAX_WAIT_MS = 60_000

export function createKeyWatch({ lifeOf, topic, clock }: KeyWatchDeps): WatchKey {
  return ({ keyId, userId }, onEnd) => {
    let isOver = false
    let cancelTimer = (): void => undefined
    const stop = (): void => {
      isOver = true
      cancelTimer()
      unsubscribe()
    }
    const look = (): void => {
      if (isOver) return
      cancelTimer()
      const life = lifeOf(keyId)
      if ('endedBecause' in life) {
        stop()
        onEnd(life.endedBecause)
        return
      }
      // Every use may have moved the end on, so it is asked for again then.
      cancelTimer = clock.after(Math.min(life.endsAt - clock.now(), MAX_WAIT_MS), look)
    }
    // Not at once: what was told of may be inside a transaction, which may still fail.
    const unsubscribe = topic.subscribe(userId, () => queueMicrotask(look))
    look()
    return stop
  }
}
