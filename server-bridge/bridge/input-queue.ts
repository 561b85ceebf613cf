/**
 * What was typed while a terminal connects. A short gap loses no key; after a longer one nothing is sent, because the
 * shell behind the same id may be a new one in another folder, and half a command line there is worse than none.
 */
import type { Clock } from '../lib/clock.ts'

const maxHeldChars = 64 * 1024
const maxHeldMs = 10_000

export interface InputQueue {
  push(data: string): void
  /** The socket is open: sends what is held, or drops all of it when it is too old. */
  flush(): void
}

/** @param send answers false when there is no open socket. */
export function createInputQueue(clock: Clock, send: (data: string) => boolean): InputQueue {
  let held: string[] = []
  let size = 0
  let since = 0
  const drop = () => {
    held = []
    size = 0
  }
  return {
    push: (data) => {
      if (held.length === 0) {
        if (send(data)) return
        since = clock.now()
      }
      if (size + data.length > maxHeldChars) return
      held.push(data)
      size += data.length
    },
    flush: () => {
      const pieces = clock.now() - since > maxHeldMs ? [] : held
      drop()
      for (const piece of pieces) send(piece)
    },
  }
}
