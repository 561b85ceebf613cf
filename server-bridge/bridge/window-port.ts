/** One window's byte port: each message goes to the part it is for. */
import type { OnlyDesktop } from '../contract/desktop-port.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { BytePort } from './byte-port.ts'
import type { Desktops } from './desktops/desktops.ts'
import { createWindowDesktops } from './desktops/window-desktops.ts'
import type { Places } from './files/places.ts'
import type { LocalSources } from './files/transfers/local-sources.ts'
import type { Transfers } from './files/transfers/transfers.ts'
import { createWindowTransfers } from './files/transfers/window-transfers.ts'
import { createWindowFiles } from './files/window-files.ts'
import type { KeptTerminals } from './kept-terminals.ts'
import { createWindowTerminals } from './window-terminals.ts'

export interface WindowPort {
  /** The window is gone, or has a new port. */
  close(): void
}

export function createWindowPort(input: {
  readonly port: BytePort
  readonly terminals: KeptTerminals
  readonly desktops: Desktops
  readonly places: Places
  readonly transfers: Transfers
  readonly sources: LocalSources
  readonly clock: Clock
  readonly logger: Logger
  /** All that the window may have. */
  readonly only?: OnlyDesktop | undefined
}): WindowPort {
  const { port, places, transfers, sources, clock, logger, only } = input
  let toTerminals: (message: unknown) => void = () => undefined
  const post = (message: unknown): void => {
    port.post(message)
  }
  const files = createWindowFiles({ post, places, clock, logger })
  const desktops = createWindowDesktops({ post, desktops: input.desktops, logger, only })
  const copies = createWindowTransfers({ post, transfers, sources, logger })
  const terminals = createWindowTerminals({
    port: {
      post,
      onMessage: (listener) => {
        toTerminals = listener
      },
      onClose: () => undefined,
      close: () => undefined,
    },
    terminals: input.terminals,
    logger,
  })

  const close = (): void => {
    files.close()
    copies.close()
    desktops.close()
    terminals.close()
  }
  port.onClose(close)
  port.onMessage((message) => {
    const type = typeOf(message)
    if (only !== undefined && !type.startsWith('desktop-'))
      logger.warn('A window of a desktop asked for something else')
    else if (type.startsWith('files-')) files.take(message)
    else if (type.startsWith('transfers-')) copies.take(message)
    else if (type.startsWith('desktop-')) desktops.take(message)
    else toTerminals(message)
  })

  return {
    close: () => {
      close()
      port.close()
    },
  }
}

function typeOf(message: unknown): string {
  if (typeof message !== 'object' || message === null || !('type' in message)) return ''
  return typeof message.type === 'string' ? message.type : ''
}
