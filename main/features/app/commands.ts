/** Commands from the menu, the tray or a notification on their way to a window that may still have to open. */
import type { Clock } from '#bridge/lib/clock'
import type { AppCommand } from '#ipc/app'
import { createEventQueue, type EventQueue } from '../../lib/event-queue.ts'

export interface Commands {
  send(command: AppCommand): void
  stream(signal: AbortSignal): AsyncGenerator<AppCommand, void>
}

const MAX_WAITING = 20
/** A command nobody took by then would surprise a user who has long gone on. */
const MAX_AGE_MS = 30_000

/** Makes the line of commands. What is sent while no window listens waits for the next one, a little while. */
export function createCommands(clock: Pick<Clock, 'now'>): Commands {
  const listeners = new Set<EventQueue<AppCommand>>()
  let waiting: { readonly command: AppCommand; readonly at: number }[] = []
  return {
    send(command) {
      if (listeners.size === 0) waiting = [...waiting, { command, at: clock.now() }].slice(-MAX_WAITING)
      for (const queue of listeners) queue.push(command)
    },
    async *stream(signal) {
      const queue = createEventQueue<AppCommand>(MAX_WAITING)
      listeners.add(queue)
      const fresh = waiting.filter(({ at }) => clock.now() - at < MAX_AGE_MS)
      waiting = []
      for (const { command } of fresh) queue.push(command)
      try {
        yield* queue.stream(signal)
      } finally {
        listeners.delete(queue)
      }
    },
  }
}
