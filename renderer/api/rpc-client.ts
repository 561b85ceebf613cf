import type { WindowBridge } from '#ipc/bridge-api'
import type { MainToRenderer } from '#ipc/envelope'
import { BridgeError } from './bridge-error.ts'
import type { CallName, Input, Output, SubscriptionName } from './procedure-types.ts'

export interface Observer<T> {
  readonly next: (output: T) => void
  readonly error: (error: BridgeError) => void
  /** The subscription ended by itself. */
  readonly done: () => void
}

export interface RpcClient {
  /** Calls main once. Aborting rejects at once and tells main to stop. */
  call<N extends CallName>(name: N, input: Input<N>, signal?: AbortSignal): Promise<Output<N>>
  /** Follows a subscription until the returned function is called. After it no callback comes. */
  subscribe<N extends SubscriptionName>(name: N, input: Input<N>, observer: Observer<Output<N>>): () => void
}

interface Pending {
  readonly next: (output: unknown) => void
  readonly error: (error: BridgeError) => void
  readonly done: (output: unknown) => void
}

/** Speaks the envelope of `preload/contract` over the window's one duplex. */
export function createRpcClient(bridge: Pick<WindowBridge, 'send' | 'onMessage'>): RpcClient {
  const pending = new Map<number, Pending>()
  let lastId = 0

  bridge.onMessage((message: MainToRenderer) => {
    const waiting = pending.get(message.id)
    if (!waiting) return // Cancelled while the answer was under way.
    if (message.type !== 'next') pending.delete(message.id)
    switch (message.type) {
      case 'next':
        waiting.next(message.output)
        break
      case 'result':
        waiting.done(message.output)
        break
      case 'done':
        waiting.done(undefined)
        break
      case 'error':
        waiting.error(new BridgeError(message.error))
    }
  })

  const open = (procedure: string, input: unknown, handlers: Pending): (() => void) => {
    const id = ++lastId
    pending.set(id, handlers)
    bridge.send({ type: 'call', id, procedure, input })
    return () => {
      if (pending.delete(id)) bridge.send({ type: 'cancel', id })
    }
  }

  return {
    call: <N extends CallName>(name: N, input: Input<N>, signal?: AbortSignal) =>
      new Promise<Output<N>>((resolve, reject) => {
        signal?.throwIfAborted()
        const cancel = open(name, input, {
          next: () => undefined,
          error: reject,
          // Parsed in main's tests against the same contract; main is trusted.
          done: (output) => resolve(output as Output<N>),
        })
        signal?.addEventListener(
          'abort',
          () => {
            cancel()
            reject(signal.reason as Error)
          },
          { once: true },
        )
      }),
    subscribe: <N extends SubscriptionName>(name: N, input: Input<N>, observer: Observer<Output<N>>) =>
      open(name, input, {
        next: (output) => observer.next(output as Output<N>),
        error: observer.error,
        done: observer.done,
      }),
  }
}
