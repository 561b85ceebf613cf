/**
 * One terminal: Coder's PTY socket, healed by the reconnect machine, and the screen it draws. It outlives the window
 * that shows it; a window that comes gets the screen first and then what follows, with credit.
 */
import type { CoderClient } from '../client/coder-client.ts'
import type { ReconnectState } from '../client/reconnect.ts'
import type { ReconnectingSocket } from '../client/reconnecting-socket.ts'
import { terminalCreditBytes, type BridgeToWindow, type TerminalState } from '../contract/bridge-port.ts'
import { encodePtyRequest } from '../contract/pty.ts'
import type { Clock } from '../lib/clock.ts'
import { createDrawnMarks } from './drawn-marks.ts'
import { createInputQueue } from './input-queue.ts'
import { createKeptScreen } from './kept-screen.ts'
import { createOutputBatch } from './output-batch.ts'
import { createOutputCredit } from './output-credit.ts'
import type { ScrollbackBudget } from './scrollback-budget.ts'
import { createZeroWidthLimit } from './zero-width-limit.ts'
import { openTerminalSocket, terminalState } from './terminal-socket.ts'
import { createReplayGate, type ReplayGate } from './replay-gate.ts'

/** Whoever shows a terminal; the same function is the same window. */
export type TerminalViewer = (message: BridgeToWindow) => void

export interface Terminal {
  /** Shows the terminal there from now on, and nowhere else. A connection that was given up is tried again. */
  show(viewer: TerminalViewer, cols: number, rows: number): void
  /** That window is gone; the terminal goes on. */
  hide(viewer: TerminalViewer): void
  readonly viewer: TerminalViewer | undefined
  input(data: string): void
  resize(cols: number, rows: number): void
  acknowledge(bytes: number): void
  retryNow(): void
  hint(hint: 'online' | 'offline' | 'wake'): void
  /** The deployment is reached by this client from now on; `undefined`: it is signed out. */
  setClient(client: CoderClient | undefined): void
  /** The client carries a new token: what the old one kept out tries again. */
  clientRenewed(): void
  close(): void
}

export interface TerminalOptions {
  readonly terminalId: string
  readonly agentId: string
  readonly command: string
  readonly cols: number
  readonly rows: number
  readonly client: CoderClient | undefined
  readonly clock: Clock
  readonly random?: () => number
  /** Shared by all terminals. */
  readonly budget: ScrollbackBudget
  readonly onSignedOut: () => void
  /** Hears each state of the connection, for the timeline. */
  readonly onConnection?: (state: ReconnectState) => void
}

const notSignedIn: TerminalState = {
  kind: 'failed',
  code: 'no_deployment',
  reason: 'This deployment is not signed in.',
}

export function createTerminal(options: TerminalOptions): Terminal {
  const { terminalId, clock } = options
  let { client, cols, rows } = options
  let viewer: TerminalViewer | undefined
  /** The viewer gets the screen as it is; what comes meanwhile is part of that. */
  let isRestoring = false
  let everOpened = false
  /** The token became another one while the socket was being opened. */
  let hasNewToken = false
  let state: TerminalState = { kind: 'connecting', attempt: 1 }
  let socket: ReconnectingSocket | undefined
  let gate: ReplayGate | undefined
  const credit = createOutputCredit(terminalCreditBytes)
  const screen = createKeptScreen(clock, { cols, rows }, { onGrown: options.budget.check })
  const leaveBudget = options.budget.join({
    get cells() {
      return screen.cells
    },
    get isSeen() {
      return viewer !== undefined
    },
    dropScrollback: screen.dropScrollback,
  })
  let limitZeroWidth = createZeroWidthLimit()
  const batch = createOutputBatch((bytes) => {
    screen.push(bytes)
    if (viewer !== undefined && !isRestoring) send(viewer, bytes)
    else marks.sent(0)
  })
  const marks = createDrawnMarks(() => batch.isHolding)
  const send = (to: TerminalViewer, output: Uint8Array) => {
    const bytes = limitZeroWidth(output)
    if (bytes.length > 0) to({ type: 'data', terminalId, bytes })
    marks.sent(bytes.length)
    if (credit.spend(bytes.length)) socket?.pause()
  }
  const queue = createInputQueue(clock, (data) => socket?.send(encodePtyRequest({ data })) ?? false)

  const setState = (next: TerminalState) => {
    state = next
    viewer?.({ type: 'state', terminalId, state })
  }

  const connect = () => {
    hasNewToken = false
    disconnect()
    if (client === undefined) {
      setState(notSignedIn)
      return
    }
    socket = openTerminalSocket({ ...options, client }, () => ({ cols, rows }), {
      onData: (data) => {
        if (gate === undefined) batch.push(data)
        else gate.push(data)
      },
      onPing: marks.ping,
      onState: (next) => {
        onSocketState(next)
      },
    })
    if (isRestoring || credit.isStopped) socket.pause()
    socket.start()
  }
  const disconnect = () => {
    gate?.drop()
    gate = undefined
    batch.flush()
    marks.drop()
    socket?.close()
    socket = undefined
  }

  const onSocketState = (next: ReconnectState) => {
    options.onConnection?.(next)
    if (next.name === 'open') {
      batch.flush()
      gate = openGate()
      setState({ kind: 'connected', rejoined: everOpened })
      everOpened = true
      queue.flush()
      return
    }
    // A shell that ended says no more; one whose connection broke says all of it again.
    if (next.name === 'stopped') gate?.finish()
    else gate?.drop()
    gate = undefined
    batch.flush()
    const shown = terminalState(next, clock.now())
    const isRefused = shown?.kind === 'failed' && shown.code === 'signed_out'
    if (isRefused && hasNewToken) {
      connect()
      return
    }
    if (shown !== undefined) setState(shown)
    if (isRefused) options.onSignedOut()
  }

  /** Coder replays a shell's recent output to each new socket: what the screen has already is left out. */
  const openGate = (): ReplayGate | undefined => {
    const history = screen.history()
    if (history.length === 0) return undefined
    return createReplayGate({
      history,
      clock,
      onNew: (bytes) => {
        gate = undefined
        batch.push(bytes)
      },
      onOther: (lead) => {
        batch.push(lead)
        batch.flush()
        screen.forgetHistory()
      },
    })
  }

  const restore = async (to: TerminalViewer) => {
    isRestoring = true
    socket?.pause()
    credit.reset()
    marks.reset()
    batch.flush()
    finishRestoring(to, await screen.restore())
  }
  const finishRestoring = (to: TerminalViewer, bytes: Uint8Array) => {
    // Another window, or the same one again, asked meanwhile: its own restoring goes on.
    if (viewer !== to || !isRestoring) return
    isRestoring = false
    limitZeroWidth = createZeroWidthLimit()
    to({ type: 'reset', terminalId })
    socket?.resume()
    send(to, bytes)
  }

  connect()
  return {
    get viewer() {
      return viewer
    },
    show: (next, nextCols, nextRows) => {
      viewer = next
      setSize(nextCols, nextRows)
      if (state.kind === 'failed') connect()
      else setState(state.kind === 'connected' ? { ...state, rejoined: true } : state)
      void restore(next)
    },
    hide: (gone) => {
      if (viewer !== gone) return
      viewer = undefined
      isRestoring = false
      credit.reset()
      marks.reset()
      socket?.resume()
    },
    input: (data) => {
      if (state.kind !== 'ended' && state.kind !== 'failed') queue.push(data)
    },
    resize: (nextCols, nextRows) => {
      setSize(nextCols, nextRows)
    },
    acknowledge: (bytes) => {
      marks.drawn(bytes)
      if (credit.earn(bytes)) socket?.resume()
    },
    retryNow: () => {
      if (state.kind === 'failed') connect()
      else socket?.retryNow()
    },
    hint: (hint) => {
      socket?.hint(hint)
    },
    setClient: (next) => {
      client = next
      // A shell that ended stays so: the same id would get a new one.
      if (state.kind !== 'ended') connect()
    },
    clientRenewed: () => {
      if (state.kind === 'failed' && state.code === 'signed_out') connect()
      // It is still asking with the old one.
      else hasNewToken = state.kind === 'connecting'
    },
    close: () => {
      viewer = undefined
      gate?.drop()
      batch.clear()
      socket?.close()
      leaveBudget()
      screen.dispose()
    },
  }

  function setSize(nextCols: number, nextRows: number): void {
    if (nextCols === cols && nextRows === rows) return
    ;[cols, rows] = [nextCols, nextRows]
    batch.flush()
    screen.resize(cols, rows)
    // Without a socket the size goes along with the next handshake.
    socket?.send(encodePtyRequest({ width: cols, height: rows }))
  }
}
