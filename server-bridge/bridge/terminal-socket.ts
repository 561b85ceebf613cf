/** Coder's PTY socket (stable-api, section 14), healed by the reconnect machine, and its states in the window's words. */
import type { CoderClient } from '../client/coder-client.ts'
import type { FailureCode, ReconnectState } from '../client/reconnect.ts'
import { createReconnectingSocket, type ReconnectingSocket } from '../client/reconnecting-socket.ts'
import type { TerminalState } from '../contract/bridge-port.ts'
import { workspaceAgentsRoutes } from '../contract/workspace-agents.ts'
import type { Clock } from '../lib/clock.ts'
import { explainTerminal } from './explain-terminal.ts'
import { socketState } from './socket-state.ts'

export interface TerminalSocketOptions {
  readonly terminalId: string
  readonly agentId: string
  readonly command: string
  readonly client: CoderClient
  readonly clock: Clock
  readonly random?: () => number
}

/** Terminals come back faster than other streams: somebody looks at them. */
const backoff = { baseMs: 250, capMs: 10_000, floorMs: 100 }

/** The socket of a terminal, which is not asked to start yet. */
export function openTerminalSocket(
  { client, clock, random, terminalId, agentId, command }: TerminalSocketOptions,
  size: () => { readonly cols: number; readonly rows: number },
  listener: {
    readonly onData: (data: Buffer) => void
    readonly onPing: (payload: Buffer, answer: () => void) => void
    readonly onState: (state: ReconnectState) => void
  },
): ReconnectingSocket {
  return createReconnectingSocket({
    clock,
    ...(random === undefined ? {} : { random }),
    policy: { backoff },
    target: () => {
      const { cols, rows } = size()
      return client.socket(workspaceAgentsRoutes.pty, {
        params: { workspaceagent: agentId },
        query: { reconnect: terminalId, width: cols, height: rows, ...(command === '' ? {} : { command }) },
      })
    },
    explain: async (failure) => await explainTerminal(client, agentId, failure),
    onMessage: listener.onData,
    onPing: listener.onPing,
    onState: listener.onState,
  })
}

/** The machine's state in the window's words. `undefined`: nothing to tell. */
export function terminalState(state: ReconnectState, now: number): TerminalState | undefined {
  return socketState(state, { now, codeOf: (code) => failureCodes[code] })
}

const failureCodes: Readonly<Record<FailureCode, Extract<TerminalState, { kind: 'failed' }>['code']>> = {
  unauthorized: 'signed_out',
  forbidden: 'refused',
  not_found: 'not_found',
  gone: 'agent_unreachable',
  upgrade_required: 'refused',
  redirected: 'refused',
  tls: 'refused',
  not_coder: 'refused',
  refused: 'refused',
  protocol: 'refused',
}
