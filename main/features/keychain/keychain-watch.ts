/** Looks whether the keychain was locked while something open depends on it: the system tells nobody. */
import type { Clock } from '#bridge/lib/clock'
import type { AppPorts } from '../../ports/app-ports.ts'
import type { Keychain } from './keychain.ts'

/** How long something may stay open after the keychain was locked. */
const LOOK_EVERY_MS = 10_000

/** Begins to look, without raising a prompt; the answer ends it. */
export function watchKeychain({
  keychain,
  isNeeded,
  power,
  clock,
}: {
  readonly keychain: Pick<Keychain, 'state' | 'refresh'>
  /** Whether anything depends on it now. */
  readonly isNeeded: () => boolean
  readonly power: Pick<AppPorts['power'], 'onLock' | 'onResume'>
  readonly clock: Pick<Clock, 'every'>
}): () => void {
  let isLooking = false
  const look = (): void => {
    const { kind } = keychain.state.get()
    if (isLooking || !isNeeded() || (kind !== 'works' && kind !== 'locked')) return
    isLooking = true
    void keychain.refresh().finally(() => {
      isLooking = false
    })
  }
  // Many systems lock the keychain along with the screen, or in sleep.
  const stops = [clock.every(LOOK_EVERY_MS, look), power.onLock(look), power.onResume(look)]
  return () => {
    for (const stop of stops) stop()
  }
}
