import type { BridgeError } from '../../../api/bridge-error.ts'
import type { RpcClient } from '../../../api/rpc-client.ts'
import {
  addOlder,
  applyUpdate,
  emptyTranscript,
  forgetReplaced,
  settleHistory,
  type TranscriptState,
} from './transcript-state.ts'

/** What is known of a chat's transcript, as a page shows it. */
export interface TranscriptSnapshot {
  readonly state: TranscriptState
  /** Why nothing more comes. What was said stays. */
  readonly failure: BridgeError | undefined
  readonly older: 'rest' | 'loading' | 'failed'
}

export interface TranscriptStore {
  readonly subscribe: (listener: () => void) => () => void
  readonly read: () => TranscriptSnapshot
  /** Follows the chat until the returned function is called. */
  readonly start: () => () => void
  /** Follows it again after a failure. */
  readonly retry: () => void
  readonly loadOlder: () => void
  readonly forgetReplaced: (messageId: number, newId: number) => void
}

export interface TranscriptPorts {
  /** Runs once the window paints next; returns how to give that up. */
  readonly nextFrame: (run: () => void) => () => void
  readonly later: (ms: number, run: () => void) => () => void
}

const olderPage = 100
/** A history that is told anew comes in one go; after that pause it is whole. */
const settleMs = 250

/** Follows one chat. Listeners hear of it once a frame at most, however many tokens came. */
export function createTranscriptStore(
  client: RpcClient,
  input: { readonly deploymentId: string; readonly chatId: string },
  ports: TranscriptPorts,
): TranscriptStore {
  const listeners = new Set<() => void>()
  let snapshot: TranscriptSnapshot = { state: emptyTranscript, failure: undefined, older: 'rest' }
  let current = snapshot
  let dropFrame: (() => void) | undefined
  let dropSettle: (() => void) | undefined
  let stop: (() => void) | undefined

  const change = (next: Partial<TranscriptSnapshot>): void => {
    current = { ...current, ...next }
    dropFrame ??= ports.nextFrame(() => {
      dropFrame = undefined
      snapshot = current
      for (const listener of listeners) listener()
    })
  }
  const hear = (state: TranscriptState): void => {
    dropSettle?.()
    dropSettle = undefined
    if (state.anew !== undefined) {
      dropSettle = ports.later(settleMs, () => change({ state: settleHistory(current.state) }))
    }
    change({ state, failure: undefined })
  }
  const follow = (): void => {
    stop = client.subscribe('chats.watchTranscript', input, {
      next: (update) => hear(applyUpdate(current.state, update)),
      error: (failure) => {
        stop = undefined
        change({ failure })
      },
      done: () => {
        stop = undefined
      },
    })
  }

  return {
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    read: () => snapshot,
    start: () => {
      follow()
      return () => {
        stop?.()
        stop = undefined
        dropFrame?.()
        dropFrame = undefined
        dropSettle?.()
      }
    },
    retry: () => {
      if (stop !== undefined) return
      change({ failure: undefined })
      follow()
    },
    loadOlder: () => {
      const first = current.state.messages[0]
      if (first === undefined || !current.state.hasMore || current.older === 'loading') return
      change({ older: 'loading' })
      client.call('chats.older', { ...input, beforeId: first.id, limit: olderPage }).then(
        (page) => {
          const isStillFirst = current.state.messages[0]?.id === first.id
          change({ older: 'rest', ...(isStillFirst ? { state: addOlder(current.state, page) } : {}) })
        },
        () => change({ older: 'failed' }),
      )
    },
    forgetReplaced: (messageId, newId) => change({ state: forgetReplaced(current.state, messageId, newId) }),
  }
}
