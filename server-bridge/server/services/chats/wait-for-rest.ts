import type { Clock } from '../../../lib/clock.ts'
import type { Topic } from '../topics.ts'
import { type ChatRow, statusOf } from './chat-rows.ts'

type Watched = Pick<ChatRow, 'status'>

export interface RestDeps {
  readonly clock: Clock
  readonly topic: Pick<Topic, 'subscribe'>
  readonly find: (chatId: string) => Watched | undefined
}

const isAtRest = (chat: Watched | undefined): boolean =>
  chat === undefined || ['waiting', 'error'].includes(statusOf(chat))

/**
 * Waits until a chat rests. False: it took too long; the time in which its owner is asked something does not count, since
 * that may be days.
 *
 * @throws when the signal ends it.
 */
export function waitForRest(
  { clock, topic, find }: RestDeps,
  chatId: string,
  { ms, signal }: { readonly ms: number; readonly signal: AbortSignal },
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let left = ms
    let running: { readonly since: number; readonly stop: () => void } | undefined
    const stopClock = (): void => {
      if (!running) return
      running.stop()
      left -= clock.now() - running.since
      running = undefined
    }
    const end = (settle: () => void): void => {
      stopClock()
      unsubscribe()
      signal.removeEventListener('abort', stop)
      settle()
    }
    const look = (): void => {
      const chat = find(chatId)
      if (isAtRest(chat)) end(() => resolve(true))
      else if (chat?.status === 'requires_action') stopClock()
      else
        running ??= {
          since: clock.now(),
          stop: clock.after(Math.max(0, left), () => end(() => resolve(false))),
        }
    }
    const stop = (): void => end(() => reject(new Error('The wait was interrupted.')))
    const unsubscribe = topic.subscribe(chatId, look)
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    else look()
  })
}
