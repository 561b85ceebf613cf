/**
 * An in-memory main process for component tests and the preview page: answers by procedure, and pushes to open
 * subscriptions. Answers come in a later task, as over a real port.
 */
import { bridgePortMessageType, type BridgeFacts, type WindowBridge } from '#ipc/bridge-api'
import type { MainToRenderer, RendererToMain } from '#ipc/envelope'
import type {
  CallName,
  ErrorCodeOf,
  Input,
  Output,
  ProcedureName,
  SubscriptionName,
} from '../api/procedure-types.ts'

/** A failure as main would answer it; throw it from a handler or push it into a subscription. */
export class FakeFailure extends Error {
  readonly code: string
  readonly details: unknown

  constructor(code: string, message: string, details?: unknown) {
    super(message)
    this.code = code
    this.details = details
  }
}

/** A failure whose code is checked against what the procedure may answer. */
export function failure<N extends ProcedureName>(
  code: ErrorCodeOf<N>,
  message: string,
  details?: unknown,
): FakeFailure {
  return new FakeFailure(code, message, details)
}

interface OpenSubscription {
  readonly id: number
  readonly procedure: string
  readonly input: unknown
}

export interface FakeBridge {
  readonly bridge: WindowBridge
  /** All calls so far, oldest first. */
  readonly calls: readonly { readonly procedure: string; readonly input: unknown }[]
  /** The inputs of all calls of one procedure. */
  inputsOf<N extends ProcedureName>(name: N): Input<N>[]
  answer<N extends CallName>(name: N, handler: (input: Input<N>) => Output<N> | Promise<Output<N>>): void
  /** What a subscription says first; `undefined` says nothing yet. Throwing a FakeFailure ends it with that error. */
  feed<N extends SubscriptionName>(name: N, first: (input: Input<N>) => Output<N> | undefined): void
  push<N extends SubscriptionName>(name: N, output: Output<N>, where?: (input: Input<N>) => boolean): void
  fail(name: SubscriptionName, error: FakeFailure): void
  end(name: SubscriptionName): void
  openSubscriptions(name: SubscriptionName): number
  /** Hands the page a byte port; returns the bridge's end of it. */
  givePort(): MessagePort
  readonly portRequests: readonly string[]
  /** What was dropped into the page. */
  readonly drops: readonly (readonly object[])[]
}

const defaultFacts: BridgeFacts = {
  platform: 'linux',
  appVersion: '0.1.0',
  customTitleBar: true,
  packaged: false,
}

export function createFakeBridge(facts: Partial<BridgeFacts> = {}): FakeBridge {
  const calls: { procedure: string; input: unknown }[] = []
  const handlers = new Map<string, (input: never) => unknown>()
  const feeds = new Map<string, (input: never) => unknown>()
  const open = new Map<number, OpenSubscription>()
  const cancelled = new Set<number>()
  const portRequests: string[] = []
  const drops: (readonly object[])[] = []
  let listener: (message: MainToRenderer) => void = () => undefined

  const send = (message: MainToRenderer): void => {
    if (!cancelled.has(message.id)) listener(message)
  }
  const sendError = (id: number, thrown: unknown): void => {
    const { code, message, details } =
      thrown instanceof FakeFailure
        ? thrown
        : {
            code: 'internal',
            message: thrown instanceof Error ? thrown.message : 'unknown',
            details: undefined,
          }
    send({ type: 'error', id, error: { code, message, details, traceId: `trace-${id}` } })
  }

  const onCall = async (id: number, procedure: string, input: unknown): Promise<void> => {
    await Promise.resolve()
    if (cancelled.has(id)) return
    const feed = feeds.get(procedure)
    if (feed) {
      open.set(id, { id, procedure, input })
      try {
        const output = feed(input as never)
        if (output !== undefined) send({ type: 'next', id, output })
      } catch (thrown) {
        open.delete(id)
        sendError(id, thrown)
      }
      return
    }
    const handler = handlers.get(procedure)
    try {
      if (!handler)
        throw new FakeFailure('unknown_procedure', `The fake bridge has no answer for ${procedure}`)
      send({ type: 'result', id, output: await handler(input as never) })
    } catch (thrown) {
      sendError(id, thrown)
    }
  }

  const matching = (name: string): OpenSubscription[] =>
    [...open.values()].filter((entry) => entry.procedure === name)

  const bridge: WindowBridge = {
    facts: { ...defaultFacts, ...facts },
    send: (message: RendererToMain) => {
      if (message.type === 'cancel') {
        cancelled.add(message.id)
        open.delete(message.id)
        return
      }
      calls.push({ procedure: message.procedure, input: message.input })
      void onCall(message.id, message.procedure, message.input)
    },
    onMessage: (next) => {
      listener = next
      return () => {
        listener = () => undefined
      }
    },
    requestBridgePort: (nonce) => {
      portRequests.push(nonce)
    },
    dropFiles: (files) => {
      drops.push(files)
      return `drop-${drops.length}`
    },
  }

  return {
    bridge,
    calls,
    portRequests,
    drops,
    inputsOf: <N extends ProcedureName>(name: N) =>
      calls.filter((call) => call.procedure === name).map((call) => call.input as Input<N>),
    answer: (name, handler) => void handlers.set(name, handler),
    feed: (name, first) => void feeds.set(name, first),
    push: (name, output, where) => {
      for (const { id, input } of matching(name)) {
        if (!where || where(input as never)) send({ type: 'next', id, output })
      }
    },
    fail: (name, error) => {
      for (const { id } of matching(name)) {
        open.delete(id)
        sendError(id, error)
      }
    },
    end: (name) => {
      for (const { id } of matching(name)) {
        open.delete(id)
        send({ type: 'done', id })
      }
    },
    openSubscriptions: (name) => matching(name).length,
    givePort: () => {
      const { port1, port2 } = new MessageChannel()
      window.dispatchEvent(
        new MessageEvent('message', {
          data: { type: bridgePortMessageType, nonce: portRequests.at(-1) },
          origin: window.location.origin,
          source: window,
          ports: [port1],
        }),
      )
      return port2
    },
  }
}
