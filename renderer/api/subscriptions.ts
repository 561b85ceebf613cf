import type { BridgeError } from './bridge-error.ts'
import type { Input, Output, SubscriptionName } from './procedure-types.ts'
import type { RpcClient } from './rpc-client.ts'

/** What a shared subscription knows. `data` outlives an error, so a page can stay readable below the notice. */
export interface SubscriptionSnapshot<T> {
  readonly status: 'loading' | 'live' | 'done' | 'failed'
  readonly data: T | undefined
  readonly error: BridgeError | undefined
}

/** How the outputs of one procedure become its data; without one the newest output is the data. */
type Reducers = {
  readonly [N in SubscriptionName]?: (before: Output<N> | undefined, next: Output<N>) => Output<N>
}

interface Entry {
  snapshot: SubscriptionSnapshot<unknown>
  readonly listeners: Set<() => void>
  readonly start: () => void
  stop: (() => void) | undefined
  grace: ReturnType<typeof setTimeout> | undefined
  readonly deploymentId: string | undefined
}

/** A page that comes back within this time finds its subscription still live. */
const graceMs = 5_000

const loading: SubscriptionSnapshot<never> = { status: 'loading', data: undefined, error: undefined }

/** Lines come in batches and only ever grow. Ids are one ascending sequence: a repeat is a resend, not a line. */
function appendLines<T extends { readonly id: number }>(
  before: readonly T[] | undefined,
  next: readonly T[],
): T[] {
  const last = before?.at(-1)?.id ?? Number.NEGATIVE_INFINITY
  return [...(before ?? []), ...next.filter((line) => line.id > last)]
}

const reducers: Reducers = {
  'workspaces.followBuildLogs': appendLines,
  'workspaces.followAgentLogs': appendLines,
}

export interface Subscriptions {
  /** Shares one subscription by procedure and input; the returned function lets go. */
  listen<N extends SubscriptionName>(name: N, input: Input<N>, listener: () => void): () => void
  read<N extends SubscriptionName>(name: N, input: Input<N>): SubscriptionSnapshot<Output<N>>
  /** Opens a failed subscription again. */
  retry<N extends SubscriptionName>(name: N, input: Input<N>): void
  /** Opens all failed subscriptions of a deployment again, once it is back. */
  retryDeployment(deploymentId: string): void
}

/** Makes subscriptions shareable between components, and keeps what they last said. */
export function createSubscriptions(client: RpcClient): Subscriptions {
  const entries = new Map<string, Entry>()

  const makeEntry = <N extends SubscriptionName>(name: N, input: Input<N>): Entry => {
    const entry: Entry = {
      snapshot: loading,
      listeners: new Set(),
      stop: undefined,
      grace: undefined,
      deploymentId: 'deploymentId' in input ? input.deploymentId : undefined,
      start: () => {
        const set = (change: Partial<SubscriptionSnapshot<unknown>>): void => {
          entry.snapshot = { ...entry.snapshot, ...change }
          for (const listener of entry.listeners) listener()
        }
        const reduce = reducers[name] as ((before: unknown, next: unknown) => unknown) | undefined
        entry.stop = client.subscribe(name, input, {
          next: (output) =>
            set({
              status: 'live',
              error: undefined,
              data: reduce ? reduce(entry.snapshot.data, output) : output,
            }),
          error: (error) => {
            entry.stop = undefined
            set({ status: 'failed', error })
          },
          done: () => {
            entry.stop = undefined
            set({ status: 'done' })
          },
        })
      },
    }
    return entry
  }

  const obtain = <N extends SubscriptionName>(name: N, input: Input<N>): Entry => {
    const key = subscriptionKey(name, input)
    let entry = entries.get(key)
    if (!entry) {
      entry = makeEntry(name, input)
      entries.set(key, entry)
    }
    return entry
  }

  const reopen = (entry: Entry): void => {
    if (entry.snapshot.status !== 'failed' || entry.listeners.size === 0) return
    entry.snapshot = { ...entry.snapshot, status: 'loading' }
    for (const listener of entry.listeners) listener()
    entry.start()
  }

  return {
    listen: (name, input, listener) => {
      const entry = obtain(name, input)
      clearTimeout(entry.grace)
      entry.listeners.add(listener)
      const { status } = entry.snapshot
      if (!entry.stop && status !== 'done') {
        if (status === 'failed') reopen(entry)
        else entry.start()
      }
      return () => {
        entry.listeners.delete(listener)
        if (entry.listeners.size > 0) return
        clearTimeout(entry.grace)
        entry.grace = setTimeout(() => {
          entry.stop?.()
          entry.stop = undefined
          entries.delete(subscriptionKey(name, input))
        }, graceMs)
      }
    },
    read: <N extends SubscriptionName>(name: N, input: Input<N>) =>
      obtain(name, input).snapshot as SubscriptionSnapshot<Output<N>>,
    retry: (name, input) => reopen(obtain(name, input)),
    retryDeployment: (deploymentId) => {
      for (const entry of entries.values()) {
        if (entry.deploymentId === deploymentId) reopen(entry)
      }
    },
  }
}

/** Inputs are flat objects written in one order per call site; sorting makes the key independent of it. */
function subscriptionKey(name: string, input: object): string {
  return `${name} ${JSON.stringify(Object.entries(input).sort(([a], [b]) => (a < b ? -1 : 1)))}`
}
