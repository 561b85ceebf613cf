/** A page without a window: speaks the RPC envelope over memory, with the copies a MessagePort would make. */
import type { MainToRenderer, WireError } from '#ipc/envelope'
import type { Contract } from '#ipc/contract'
import type { ProcedureDefinition, ProcedureInput, ProcedureOutput } from '#ipc/procedure'
import type { RpcTransport } from '../rpc/transport.ts'

type Feature = keyof Contract
type ProcedureName = { [F in Feature]: `${F}.${keyof Contract[F] & string}` }[Feature]

type Definition<N extends ProcedureName> = N extends `${infer F extends Feature}.${infer P}`
  ? P extends keyof Contract[F]
    ? Contract[F][P] extends infer D extends ProcedureDefinition
      ? D
      : never
    : never
  : never

type SubscriptionName = {
  [N in ProcedureName]: Definition<N>['kind'] extends 'subscription' ? N : never
}[ProcedureName]
type CallName = Exclude<ProcedureName, SubscriptionName>

/** What a failed call rejects with. */
export class CallFailure extends Error {
  readonly error: WireError
  constructor(error: WireError) {
    super(`${error.code}: ${error.message}`)
    this.error = error
  }
}

export interface Subscription<T> {
  /** All outputs so far. */
  readonly outputs: T[]
  readonly ended: WireError | 'done' | undefined
  /** The next output that fits, also one that came already after the last one this method gave. */
  next(fits?: (output: T) => boolean): Promise<T>
  /** Resolves when it ends by itself. */
  end(): Promise<WireError | 'done'>
  cancel(): void
}

export interface InMemoryPage {
  readonly transport: RpcTransport
  /** Every message main sent, as it would cross. */
  readonly received: MainToRenderer[]
  call<N extends CallName>(
    name: N,
    input: ProcedureInput<Definition<N>>,
  ): Promise<ProcedureOutput<Definition<N>>>
  subscribe<N extends SubscriptionName>(
    name: N,
    input: ProcedureInput<Definition<N>>,
  ): Subscription<ProcedureOutput<Definition<N>>>
  /** Sends anything; resolves the answers with that id from now on, first one. */
  sendRaw(message: unknown, bytes?: number): void
  /** The answer to a raw request. */
  answer(id: number): Promise<MainToRenderer>
  close(): void
}

/** Makes a page. Attach `transport` to a router. */
export function createInMemoryPage(windowId = 1): InMemoryPage {
  const messageListeners = new Set<(message: unknown, bytes: number) => void>()
  const closeListeners = new Set<() => void>()
  const byId = new Map<number, (message: MainToRenderer) => void>()
  const received: MainToRenderer[] = []
  let lastId = 0

  const sendRaw = (message: unknown, bytes = JSON.stringify({ message }).length): void => {
    const copy: unknown = structuredClone(message)
    for (const listener of [...messageListeners]) listener(copy, bytes)
  }
  const answer = (id: number): Promise<MainToRenderer> =>
    new Promise((resolve) => {
      const known = received.find((message) => message.id === id)
      if (known) resolve(known)
      else byId.set(id, resolve)
    })

  return {
    received,
    sendRaw,
    answer,
    transport: {
      windowId,
      send(message) {
        const copy = structuredClone(message)
        received.push(copy)
        byId.get(copy.id)?.(copy)
      },
      onMessage(listener) {
        messageListeners.add(listener)
        return () => messageListeners.delete(listener)
      },
      onClose(listener) {
        closeListeners.add(listener)
        return () => closeListeners.delete(listener)
      },
    },
    async call(name, input) {
      const id = ++lastId
      const done = answer(id)
      sendRaw({ type: 'call', id, procedure: name, input })
      const message = await done
      if (message.type === 'error') throw new CallFailure(message.error)
      if (message.type !== 'result') throw new Error(`Unexpected ${message.type} for a call.`)
      return message.output as never
    },
    subscribe(name, input) {
      const id = ++lastId
      const subscription = createSubscription<never>(() => sendRaw({ type: 'cancel', id }))
      byId.set(id, subscription.take)
      sendRaw({ type: 'call', id, procedure: name, input })
      return subscription
    },
    close() {
      for (const listener of [...closeListeners]) listener()
    },
  }
}

function createSubscription<T>(
  cancel: () => void,
): Subscription<T> & { take(message: MainToRenderer): void } {
  const outputs: T[] = []
  let ended: WireError | 'done' | undefined
  let given = 0
  const waiting = new Set<() => void>()
  const change = (): Promise<void> => new Promise((resolve) => void waiting.add(resolve))
  return {
    outputs,
    get ended() {
      return ended
    },
    take(message) {
      if (message.type === 'next') outputs.push(message.output as T)
      else ended = message.type === 'error' ? message.error : 'done'
      for (const resolve of waiting) resolve()
      waiting.clear()
    },
    async next(fits = () => true) {
      for (;;) {
        while (given < outputs.length) {
          const output = outputs[given++] as T
          if (fits(output)) return output
        }
        if (ended === 'done') throw new Error('The subscription ended without the awaited output.')
        if (ended !== undefined) throw new CallFailure(ended)
        await change()
      }
    },
    async end() {
      while (ended === undefined) await change()
      return ended
    },
    cancel,
  }
}
