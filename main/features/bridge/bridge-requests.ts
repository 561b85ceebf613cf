/** Questions to the bridge that wait for its answer. */
import { randomUUID } from 'node:crypto'
import { ProcedureError } from '../../lib/procedure-error.ts'

export interface BridgeRequests<T> {
  /**
   * Sends a question and waits. Aborting cancels it at the bridge.
   *
   * @throws {ProcedureError} `bridge_down`, `cancelled`
   */
  ask(
    post: ((message: object) => void) | undefined,
    message: (requestId: string) => object,
    cancel: (requestId: string) => object,
    signal: AbortSignal,
  ): Promise<T>
  answer(requestId: string, answer: T): void
  /** The process ended: nobody will answer. */
  lost(): void
}

/** Nobody answers at the moment. */
export const bridgeDown = () =>
  new ProcedureError(
    'bridge_down',
    'The part of Outpost that connects to servers is starting again. Try again.',
  )

/** Makes the list of open questions. */
export function createBridgeRequests<T>(): BridgeRequests<T> {
  const open = new Map<string, { resolve(answer: T): void; reject(error: Error): void }>()
  const settle = (requestId: string) => {
    const waiting = open.get(requestId)
    open.delete(requestId)
    return waiting
  }
  return {
    ask: (post, message, cancel, signal) =>
      new Promise((resolve, reject) => {
        if (post === undefined) {
          reject(bridgeDown())
          return
        }
        const requestId = randomUUID()
        const onAbort = () => {
          if (settle(requestId) === undefined) return
          post(cancel(requestId))
          reject(new ProcedureError('cancelled', 'It was cancelled.'))
        }
        const asked = message(requestId)
        open.set(requestId, { resolve, reject })
        post(asked)
        signal.addEventListener('abort', onAbort, { once: true })
        if (signal.aborted) onAbort()
      }),
    answer: (requestId, answer) => settle(requestId)?.resolve(answer),
    lost() {
      for (const requestId of [...open.keys()]) settle(requestId)?.reject(bridgeDown())
    },
  }
}
