import type {
  ConflictChoice,
  ConflictPolicy,
  Transfer,
  TransfersToWindow,
  WindowToTransfers,
} from '#bridge/contract/file-transfers'
import type { FilesPlace } from '#bridge/contract/remote-files'
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { BridgePort } from '../../api/bridge-port.ts'

interface Start {
  readonly localId: string
  readonly place: FilesPlace
  readonly onConflict: ConflictPolicy
}

/** The transfers of the app as a window sees them. They go on in the bridge whether one looks or not. */
export interface TransfersClient {
  /** In the order in which they were begun. */
  readonly store: StoreApi<readonly Transfer[]>
  /** Answers their ids. Fails with a sentence for the user. */
  upload(start: Start & { readonly folder: string }): Promise<readonly string[]>
  download(start: Start & { readonly paths: readonly string[] }): Promise<readonly string[]>
  /** Without an id: all. */
  pause(transferId?: string): void
  resume(transferId?: string): void
  cancel(transferId: string): void
  forget(transferId?: string): void
  resolve(transferId: string, choice: ConflictChoice, forAll: boolean): void
}

interface Waiting {
  readonly resolve: (transferIds: readonly string[]) => void
  readonly reject: (error: Error) => void
}

export function createTransfersClient(port: BridgePort, newId: () => string): TransfersClient {
  const store = createStore<readonly Transfer[]>(() => [])
  const waiting = new Map<string, Waiting>()
  const watch = (): void => void port.send({ type: 'transfers-watch' })

  const take = (message: TransfersToWindow): void => {
    if (message.type === 'transfers-changed') {
      store.setState(merge(message.isAll ? [] : store.getState(), message), true)
      return
    }
    const start = waiting.get(message.requestId)
    waiting.delete(message.requestId)
    if (message.type === 'transfers-begun') start?.resolve(message.transferIds)
    else start?.reject(new Error(message.reason))
  }
  port.onMessage((message) => {
    if (
      message.type === 'transfers-changed' ||
      message.type === 'transfers-begun' ||
      message.type === 'transfers-refused'
    ) {
      take(message)
    }
  })
  port.onConnect(watch)
  port.onDisconnect(() => {
    for (const { reject } of waiting.values()) reject(new Error('The connection was lost. Try again.'))
    waiting.clear()
  })
  if (port.isConnected()) watch()

  const begin = async (
    message: WindowToTransfers & { readonly requestId: string },
  ): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      waiting.set(message.requestId, { resolve, reject })
      if (port.send(message)) return
      waiting.delete(message.requestId)
      reject(new Error('The part of Outpost that copies files is starting again. Try again in a moment.'))
    })
  const about = (transferId: string | undefined): { transferId?: string } =>
    transferId === undefined ? {} : { transferId }
  return {
    store,
    upload: async (start) => begin({ type: 'transfers-upload', requestId: newId(), ...start }),
    download: async ({ paths, ...start }) =>
      begin({ type: 'transfers-download', requestId: newId(), ...start, paths: [...paths] }),
    pause: (id) => void port.send({ type: 'transfers-pause', ...about(id) }),
    resume: (id) => void port.send({ type: 'transfers-resume', ...about(id) }),
    cancel: (transferId) => void port.send({ type: 'transfers-cancel', transferId }),
    forget: (id) => void port.send({ type: 'transfers-forget', ...about(id) }),
    resolve: (transferId, choice, forAll) =>
      void port.send({ type: 'transfers-resolve', transferId, choice, forAll }),
  }
}

function merge(
  before: readonly Transfer[],
  { transfers, gone }: { readonly transfers: readonly Transfer[]; readonly gone: readonly string[] },
): readonly Transfer[] {
  const next = new Map(before.map((transfer) => [transfer.transferId, transfer]))
  for (const id of gone) next.delete(id)
  for (const transfer of transfers) next.set(transfer.transferId, transfer)
  return [...next.values()]
}
