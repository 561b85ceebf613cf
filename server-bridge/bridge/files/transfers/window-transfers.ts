/** What one window says about transfers: parsed, and passed on. */
import {
  windowToTransfersSchema,
  type TransfersToWindow,
  type WindowToTransfers,
} from '../../../contract/file-transfers.ts'
import type { Logger } from '../../../lib/logger.ts'
import { toError } from '../../../lib/to-error.ts'
import type { LocalSources } from './local-sources.ts'
import type { Transfers } from './transfers.ts'

export interface WindowTransfers {
  /** Takes a message that begins with `transfers-`. */
  take(raw: unknown): void
  close(): void
}

type Start = Extract<WindowToTransfers, { readonly type: 'transfers-upload' | 'transfers-download' }>

export function createWindowTransfers(input: {
  readonly post: (message: TransfersToWindow) => void
  readonly transfers: Transfers
  readonly sources: LocalSources
  readonly logger: Logger
}): WindowTransfers {
  const { post, transfers, sources, logger } = input
  let stopWatching: (() => void) | undefined

  const begin = async (message: Start): Promise<readonly string[]> => {
    const isUpload = message.type === 'transfers-upload'
    const paths = sources.take(message.localId, isUpload ? 'sources' : 'folder')
    const [first] = paths ?? []
    if (paths === undefined || first === undefined) {
      throw new Error('What you chose was used already. Choose it again.')
    }
    return isUpload
      ? transfers.upload(message, paths, message.folder)
      : transfers.download(message, first, message.paths)
  }

  const start = (message: Start): void => {
    const { requestId } = message
    begin(message).then(
      (transferIds) => {
        post({ type: 'transfers-begun', requestId, transferIds })
      },
      (thrown: unknown) => {
        post({ type: 'transfers-refused', requestId, reason: toError(thrown).message })
      },
    )
  }

  const obey = (message: WindowToTransfers): void => {
    switch (message.type) {
      case 'transfers-watch':
        stopWatching?.()
        stopWatching = transfers.watch({
          changed: (change) => {
            post({ type: 'transfers-changed', ...change })
          },
        })
        return
      case 'transfers-unwatch':
        stopWatching?.()
        return
      case 'transfers-upload':
      case 'transfers-download':
        start(message)
        return
      case 'transfers-pause':
        transfers.pause(message.transferId)
        return
      case 'transfers-resume':
        transfers.resume(message.transferId)
        return
      case 'transfers-cancel':
        transfers.cancel(message.transferId)
        return
      case 'transfers-forget':
        transfers.forget(message.transferId)
        return
      case 'transfers-resolve':
        transfers.resolve(message.transferId, message.choice, message.forAll)
    }
  }

  return {
    take(raw) {
      const parsed = windowToTransfersSchema.safeParse(raw)
      if (parsed.success) obey(parsed.data)
      else
        logger.warn('A window sent a message about transfers that does not fit', {
          at: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`).slice(0, 5),
        })
    },
    close() {
      stopWatching?.()
    },
  }
}
