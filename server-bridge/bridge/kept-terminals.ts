/** All terminals of the app by their id. One whose window went away goes on for a while, so that it can be shown again. */
import type { CoderClient } from '../client/coder-client.ts'
import { followConnection, silentConnectionLog } from '../client/connection-log.ts'
import type { WindowToBridge } from '../contract/bridge-port.ts'
import type { ConnectionLog } from '../contract/connection-events.ts'
import type { Clock } from '../lib/clock.ts'
import { createScrollbackBudget } from './scrollback-budget.ts'
import { createTerminal, type Terminal, type TerminalViewer } from './terminal.ts'

export type OpenRequest = Extract<WindowToBridge, { type: 'open' }>

/** More than a person opens; whoever asks for more is broken. */
const maxTerminals = 200
/** A window closed over lunch finds its terminals as they are. The server's own five minutes begin after that. */
const unseenLifeMs = 60 * 60_000

export interface KeptTerminals {
  /** Shows a terminal, made when there is none yet. `undefined`: there are too many. */
  open(request: OpenRequest, viewer: TerminalViewer): Terminal | undefined
  /** The terminal this viewer shows. */
  shownBy(terminalId: string, viewer: TerminalViewer): Terminal | undefined
  /** The viewer is gone; what it showed is kept for an hour. */
  leave(viewer: TerminalViewer): void
  /** Detaches from the shell and forgets it. */
  end(terminalId: string): void
  deploymentChanged(deploymentId: string): void
  /** The token of its client is another one of the same sign-in. */
  deploymentRenewed(deploymentId: string): void
  /** Its connection is tried now instead of at its next turn. */
  retryNow(terminalId: string): void
  wake(): void
  close(): void
}

export function createKeptTerminals(options: {
  readonly clientOf: (deploymentId: string) => CoderClient | undefined
  readonly clock: Clock
  readonly onSignedOut: (deploymentId: string) => void
  /** Hears what the connections do. */
  readonly log?: ConnectionLog
}): KeptTerminals {
  const entries = new Map<string, Entry>()
  const budget = createScrollbackBudget()

  const end = (terminalId: string) => {
    const entry = entries.get(terminalId)
    entry?.cancelExpiry()
    entry?.terminal.close()
    entries.delete(terminalId)
  }
  const create = (request: OpenRequest): Entry | undefined => {
    if (entries.size >= maxTerminals) {
      const unseen = [...entries].find(([, { terminal }]) => terminal.viewer === undefined)
      if (unseen === undefined) return undefined
      end(unseen[0])
    }
    const { deploymentId, agentId, terminalId } = request
    const terminal = createTerminal({
      ...request,
      client: options.clientOf(deploymentId),
      clock: options.clock,
      budget,
      onSignedOut: () => {
        options.onSignedOut(deploymentId)
      },
      onConnection: followConnection(options.log ?? silentConnectionLog, options.clock, {
        what: 'terminal',
        connectionId: terminalId,
        deploymentId,
        workspaceId: null,
        agentId,
        name: '',
      }),
    })
    const entry: Entry = { terminal, deploymentId, agentId, cancelExpiry: () => undefined }
    entries.set(terminalId, entry)
    return entry
  }

  return {
    open: (request, viewer) => {
      const { terminalId } = request
      const known = entries.get(terminalId)
      if (known && (known.deploymentId !== request.deploymentId || known.agentId !== request.agentId)) {
        end(terminalId)
      }
      const entry = entries.get(terminalId) ?? create(request)
      if (entry === undefined) return undefined
      entry.cancelExpiry()
      const { viewer: before } = entry.terminal
      if (before !== undefined && before !== viewer) before(shownElsewhere(terminalId))
      entry.terminal.show(viewer, request.cols, request.rows)
      return entry.terminal
    },
    shownBy: (terminalId, viewer) => {
      const terminal = entries.get(terminalId)?.terminal
      return terminal?.viewer === viewer ? terminal : undefined
    },
    leave: (viewer) => {
      for (const [terminalId, entry] of entries) {
        if (entry.terminal.viewer !== viewer) continue
        entry.terminal.hide(viewer)
        entry.cancelExpiry = options.clock.after(unseenLifeMs, () => {
          end(terminalId)
        })
      }
    },
    end,
    deploymentChanged: (deploymentId) => {
      for (const entry of entries.values()) {
        if (entry.deploymentId === deploymentId) entry.terminal.setClient(options.clientOf(deploymentId))
      }
    },
    deploymentRenewed: (deploymentId) => {
      for (const entry of entries.values()) {
        if (entry.deploymentId === deploymentId) entry.terminal.clientRenewed()
      }
    },
    retryNow: (terminalId) => {
      entries.get(terminalId)?.terminal.retryNow()
    },
    wake: () => {
      for (const { terminal } of entries.values()) terminal.hint('wake')
    },
    close: () => {
      for (const terminalId of [...entries.keys()]) end(terminalId)
    },
  }
}

interface Entry {
  readonly terminal: Terminal
  readonly deploymentId: string
  readonly agentId: string
  cancelExpiry: () => void
}

function shownElsewhere(terminalId: string) {
  const reason = 'Another window shows this terminal now.'
  return { type: 'state', terminalId, state: { kind: 'failed', code: 'refused', reason } } as const
}
