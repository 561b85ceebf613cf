/** What one window asks of its terminals: parsed, and passed on. */
import { windowToBridgeSchema, type BridgeToWindow, type WindowToBridge } from '../contract/bridge-port.ts'
import type { Logger } from '../lib/logger.ts'
import type { BytePort } from './byte-port.ts'
import type { KeptTerminals, OpenRequest } from './kept-terminals.ts'
import type { Terminal } from './terminal.ts'

export interface WindowTerminals {
  /** The window is gone, or has a new port. Its terminals go on. */
  close(): void
}

export function createWindowTerminals(input: {
  readonly port: BytePort
  readonly terminals: KeptTerminals
  readonly logger: Logger
}): WindowTerminals {
  const { port, terminals, logger } = input
  const send = (message: BridgeToWindow) => {
    port.post(message)
  }

  port.onMessage((raw) => {
    const parsed = windowToBridgeSchema.safeParse(raw)
    if (!parsed.success) {
      // Where it does not fit, never what it held: input may be a password.
      logger.warn('A window sent a message that does not fit', {
        at: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.code}`).slice(0, 5),
      })
      return
    }
    take(parsed.data)
  })

  const take = (message: WindowToBridge) => {
    const { terminalId } = message
    if (message.type === 'open') {
      if (terminals.open(message, send) !== undefined) return
      const reason = 'Too many terminals are open. Close one first.'
      send({ type: 'state', terminalId, state: { kind: 'failed', code: 'refused', reason } })
      return
    }
    const terminal = terminals.shownBy(terminalId, send)
    if (terminal === undefined) return
    if (message.type === 'close') terminals.end(terminalId)
    else steer(terminal, message)
  }

  const close = () => {
    terminals.leave(send)
  }
  port.onClose(close)

  return {
    close: () => {
      close()
      port.close()
    },
  }
}

function steer(
  terminal: Terminal,
  message: Exclude<WindowToBridge, OpenRequest | { readonly type: 'close' }>,
): void {
  switch (message.type) {
    case 'input':
      terminal.input(message.data)
      return
    case 'resize':
      terminal.resize(message.cols, message.rows)
      return
    case 'ack':
      terminal.acknowledge(message.bytes)
      return
    case 'retry-now':
      terminal.retryNow()
  }
}
