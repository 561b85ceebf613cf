/** The terminals of one window: parses what it asks for and ends them with it. */
import type { CoderClient } from '../client/coder-client.ts'
import { windowToBridgeSchema, type BridgeToWindow, type WindowToBridge } from '../contract/bridge-port.ts'
import type { Clock } from '../lib/clock.ts'
import type { Logger } from '../lib/logger.ts'
import type { BytePort } from './byte-port.ts'
import { createTerminal, type Terminal } from './terminal.ts'

/** More than a person opens; a window that asks for more is broken. */
const maxTerminals = 200

export interface WindowTerminals {
  /** The deployment's URL or token changed, or it went away: its terminals start again or end. */
  deploymentChanged(deploymentId: string): void
  /** The machine slept: connections may be dead without having said so. */
  wake(): void
  close(): void
}

export function createWindowTerminals(input: {
  readonly port: BytePort
  readonly clientOf: (deploymentId: string) => CoderClient | undefined
  readonly clock: Clock
  readonly logger: Logger
  readonly onSignedOut: (deploymentId: string) => void
}): WindowTerminals {
  const { port, clock, logger } = input
  const open = new Map<string, Entry>()
  const send = (message: BridgeToWindow) => {
    port.post(message)
  }

  const start = (request: OpenRequest) => {
    const client = input.clientOf(request.deploymentId)
    if (client === undefined) {
      send({
        type: 'state',
        terminalId: request.terminalId,
        state: { kind: 'failed', code: 'no_deployment', reason: 'This deployment is not signed in.' },
      })
      return undefined
    }
    return createTerminal({
      ...request,
      client,
      clock,
      send,
      onSignedOut: () => {
        input.onSignedOut(request.deploymentId)
      },
    })
  }

  const openTerminal = (request: OpenRequest) => {
    open.get(request.terminalId)?.terminal?.close()
    if (!open.has(request.terminalId) && open.size >= maxTerminals) {
      const reason = `A window can hold ${String(maxTerminals)} terminals. Close one first.`
      send({
        type: 'state',
        terminalId: request.terminalId,
        state: { kind: 'failed', code: 'refused', reason },
      })
      return
    }
    open.set(request.terminalId, { request, terminal: start(request) })
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
    if (message.type === 'open') {
      openTerminal(message)
      return
    }
    const entry = open.get(message.terminalId)
    if (entry === undefined) return
    if (message.type === 'resize') {
      // The size also belongs to the next start of the terminal.
      entry.request = { ...entry.request, cols: message.cols, rows: message.rows }
    }
    steer(entry, message)
  }

  const steer = (entry: Entry, message: Exclude<WindowToBridge, OpenRequest>) => {
    switch (message.type) {
      case 'input':
        entry.terminal?.input(message.data)
        return
      case 'resize':
        entry.terminal?.resize(message.cols, message.rows)
        return
      case 'ack':
        entry.terminal?.acknowledge(message.bytes)
        return
      case 'retry-now':
        if (entry.terminal === undefined) entry.terminal = start(entry.request)
        else entry.terminal.retryNow()
        return
      case 'close':
        entry.terminal?.close()
        open.delete(message.terminalId)
    }
  }

  const close = () => {
    for (const { terminal } of open.values()) terminal?.close()
    open.clear()
  }
  port.onClose(close)

  return {
    deploymentChanged: (deploymentId) => {
      for (const entry of open.values()) {
        if (entry.request.deploymentId !== deploymentId) continue
        entry.terminal?.close()
        entry.terminal = start(entry.request)
      }
    },
    wake: () => {
      for (const { terminal } of open.values()) terminal?.hint('wake')
    },
    close: () => {
      close()
      port.close()
    },
  }
}

type OpenRequest = Extract<WindowToBridge, { type: 'open' }>

interface Entry {
  request: OpenRequest
  /** `undefined` while its deployment is not signed in. */
  terminal: Terminal | undefined
}
