import type {
  FilesAnswers,
  FilesError,
  FilesErrorCode,
  FilesEvent,
  FilesPlace,
  FilesPlaceState,
  FilesRequest,
  FileVersion,
} from '#bridge/contract/remote-files'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { BridgePort, FromBridge } from './bridge-port.ts'

/** A request for files that failed. `message` is a sentence for the user. */
export class FilesRequestError extends Error {
  readonly code: FilesErrorCode
  /** With `conflict`: what is there now; `null`: the file is gone. */
  readonly current: FileVersion | null | undefined

  constructor(error: FilesError) {
    super(error.message)
    this.name = 'FilesRequestError'
    this.code = error.code
    this.current = error.current
  }
}

/** Whether it failed with that code. */
export function failedWith(error: unknown, code: FilesErrorCode): error is FilesRequestError {
  return error instanceof FilesRequestError && error.code === code
}

type AnswerOf<R extends FilesRequest> = FilesAnswers[R['op']]

export interface RequestOptions {
  /** What comes before the answer. */
  readonly onEvent?: (event: FilesEvent) => void
  /** Ends it: it fails `cancelled`. */
  readonly signal?: AbortSignal
}

/** The window's way to files of workspaces. */
export interface FilesClient {
  /** @throws {FilesRequestError} as the contract says */
  ask<R extends FilesRequest>(place: FilesPlace, request: R, options?: RequestOptions): Promise<AnswerOf<R>>
  retryNow(place: FilesPlace): void
  /** How the way into each place is, by {@link placeKey}. */
  readonly places: StoreApi<ReadonlyMap<string, FilesPlaceState>>
}

/** Tells places apart. */
export function placeKey({ deploymentId, workspaceId, agentName }: FilesPlace): string {
  return JSON.stringify([deploymentId, workspaceId, agentName ?? null])
}

interface Pending {
  readonly message: Extract<Parameters<BridgePort['send']>[0], { type: 'files-request' }>
  readonly onEvent: ((event: FilesEvent) => void) | undefined
  readonly resolve: (value: never) => void
  readonly reject: (error: FilesRequestError) => void
  isSent: boolean
}

/** Speaks the contract's protocol over the byte port. What is asked while there is no port waits for it. */
export function createFilesClient(port: BridgePort, newId: () => string): FilesClient {
  const pending = new Map<string, Pending>()
  const places = createStore<ReadonlyMap<string, FilesPlaceState>>(() => new Map())

  const receive = (message: FromBridge): void => {
    if (message.type === 'files-place') {
      places.setState(new Map(places.getState()).set(placeKey(message.place), message.state), true)
      return
    }
    if (message.type !== 'files-event' && message.type !== 'files-answer') return
    const request = pending.get(message.requestId)
    if (!request) return
    if (message.type === 'files-event') {
      request.onEvent?.(message.event)
      port.send({ type: 'files-ack', requestId: message.requestId, events: 1 })
      return
    }
    pending.delete(message.requestId)
    if (message.result.ok) request.resolve(message.result.value as never)
    else request.reject(new FilesRequestError(message.result.error))
  }
  port.onMessage(receive)
  port.onConnect(() => {
    for (const request of pending.values()) request.isSent = port.send(request.message)
  })
  port.onDisconnect(() => {
    places.setState(new Map(), true)
    for (const [requestId, request] of pending) {
      // Whether it was done is not known, so it is not done again by itself.
      if (!request.isSent) continue
      pending.delete(requestId)
      request.reject(
        new FilesRequestError({ code: 'disconnected', message: 'The connection was lost. Try again.' }),
      )
    }
  })

  return {
    places,
    retryNow: (place) => void port.send({ type: 'files-retry-now', place }),
    ask: async (place, request, { onEvent, signal } = {}) =>
      new Promise((resolve, reject) => {
        const requestId = newId()
        const cancelled = (): FilesRequestError =>
          new FilesRequestError({ code: 'cancelled', message: 'It was cancelled.' })
        if (signal?.aborted) {
          reject(cancelled())
          return
        }
        const message = { type: 'files-request', requestId, place, request } as const
        const isSent = port.send(message)
        pending.set(requestId, { message, onEvent, resolve, reject, isSent })
        signal?.addEventListener('abort', () => {
          if (!pending.delete(requestId)) return
          port.send({ type: 'files-cancel', requestId })
          reject(cancelled())
        })
      }),
  }
}
