/** One terminal of a window: Coder's PTY socket, healed by the reconnect machine, with credit towards the window. */
import type { CoderClient } from '../client/coder-client.ts'
import type { FailureCode, ReconnectState } from '../client/reconnect.ts'
import { createReconnectingSocket } from '../client/reconnecting-socket.ts'
import { terminalCreditBytes, type BridgeToWindow, type TerminalState } from '../contract/bridge-port.ts'
import { encodePtyRequest } from '../contract/pty.ts'
import { workspaceAgentsRoutes } from '../contract/workspace-agents.ts'
import type { Clock } from '../lib/clock.ts'
import { explainTerminal } from './explain-terminal.ts'
import { createInputQueue } from './input-queue.ts'
import { createOutputBatch } from './output-batch.ts'
import { createOutputCredit } from './output-credit.ts'

export interface Terminal {
  input(data: string): void
  resize(cols: number, rows: number): void
  acknowledge(bytes: number): void
  retryNow(): void
  hint(hint: 'online' | 'offline' | 'wake'): void
  close(): void
}

export interface TerminalOptions {
  readonly terminalId: string
  readonly agentId: string
  readonly command: string
  readonly cols: number
  readonly rows: number
  readonly client: CoderClient
  readonly clock: Clock
  readonly random?: () => number
  readonly send: (message: BridgeToWindow) => void
  readonly onSignedOut: () => void
}

/** Terminals come back faster than other streams: somebody looks at them. */
const backoff = { baseMs: 250, capMs: 10_000, floorMs: 100 }

export function createTerminal(options: TerminalOptions): Terminal {
  const { terminalId, agentId, client, clock, send } = options
  let { cols, rows } = options
  let everOpened = false
  const credit = createOutputCredit(terminalCreditBytes)
  const batch = createOutputBatch((bytes) => {
    send({ type: 'data', terminalId, bytes })
    if (credit.spend(bytes.length)) socket.pause()
  })

  const socket = createReconnectingSocket({
    clock,
    ...(options.random === undefined ? {} : { random: options.random }),
    policy: { backoff },
    target: () =>
      client.socket(workspaceAgentsRoutes.pty, {
        params: { workspaceagent: agentId },
        query: {
          reconnect: terminalId,
          width: cols,
          height: rows,
          ...(options.command === '' ? {} : { command: options.command }),
        },
      }),
    explain: async (failure) => await explainTerminal(client, agentId, failure),
    onMessage: (data) => {
      batch.push(data)
    },
    onState: (state) => {
      onState(state)
    },
  })
  const queue = createInputQueue(clock, (data) => socket.send(encodePtyRequest({ data })))

  const onState = (state: ReconnectState) => {
    if (state.name === 'open') {
      // Coder replays the session's history to every new socket: what the window shows would double.
      batch.clear()
      credit.reset()
      socket.resume()
      send({ type: 'reset', terminalId })
      send({ type: 'state', terminalId, state: { kind: 'connected', rejoined: everOpened } })
      everOpened = true
      queue.flush()
      return
    }
    batch.flush()
    const shown = terminalState(state, clock.now())
    if (shown !== undefined) send({ type: 'state', terminalId, state: shown })
    if (shown?.kind === 'failed' && shown.code === 'signed_out') options.onSignedOut()
  }

  socket.start()
  return {
    input: (data) => {
      if (socket.state.name !== 'stopped' && socket.state.name !== 'failed') queue.push(data)
    },
    resize: (nextCols, nextRows) => {
      cols = nextCols
      rows = nextRows
      // Without a socket the size goes along with the next handshake.
      socket.send(encodePtyRequest({ width: cols, height: rows }))
    },
    acknowledge: (bytes) => {
      if (credit.earn(bytes)) socket.resume()
    },
    retryNow: () => {
      socket.retryNow()
    },
    hint: (hint) => {
      socket.hint(hint)
    },
    close: () => {
      batch.clear()
      socket.close()
    },
  }
}

/** The machine's state in the window's words. `undefined`: nothing to tell. */
function terminalState(state: ReconnectState, now: number): TerminalState | undefined {
  switch (state.name) {
    case 'connecting':
      return { kind: 'connecting', attempt: state.attempt }
    case 'waiting':
      return { kind: 'waiting', attempt: state.attempt, retryAt: now + state.delayMs, reason: state.reason }
    case 'stopped':
      return state.reason === 'finished' ? { kind: 'ended' } : undefined
    case 'failed':
      return { kind: 'failed', code: failureCodes[state.code], reason: state.reason }
    case 'idle':
    case 'open':
      return undefined
  }
}

const failureCodes: Readonly<Record<FailureCode, Extract<TerminalState, { kind: 'failed' }>['code']>> = {
  unauthorized: 'signed_out',
  forbidden: 'refused',
  not_found: 'not_found',
  gone: 'agent_unreachable',
  upgrade_required: 'refused',
  redirected: 'refused',
  tls: 'refused',
  refused: 'refused',
  protocol: 'refused',
}
