/** The desktop of one chat's workspace for one window: the deployment's socket, healed by the reconnect machine. */
import type { CoderClient } from '../../client/coder-client.ts'
import type { FailureCode, ReconnectState } from '../../client/reconnect.ts'
import { createReconnectingSocket, type ReconnectingSocket } from '../../client/reconnecting-socket.ts'
import { chatDesktopRoutes } from '../../contract/chats-desktop.ts'
import { desktopCreditBytes, type DesktopsToWindow, type DesktopState } from '../../contract/desktop-port.ts'
import type { Clock } from '../../lib/clock.ts'
import { createOutputCredit } from '../output-credit.ts'
import { socketState } from '../socket-state.ts'

export interface Desktop {
  input(connection: number, bytes: Uint8Array): void
  acknowledge(connection: number, bytes: number): void
  retry(): void
  wake(): void
  /** The deployment is reached by this client from now on; `undefined`: it is signed out. */
  setClient(client: CoderClient | undefined): void
  /** The client carries a new token: what the old one kept out tries again. */
  clientRenewed(): void
  close(): void
}

export interface DesktopOptions {
  readonly desktopId: string
  readonly chatId: string
  readonly client: CoderClient | undefined
  readonly clock: Clock
  readonly random?: () => number
  readonly tell: (message: DesktopsToWindow) => void
  readonly onSignedOut: () => void
  /** Hears each state of the connection, for the timeline. */
  readonly onConnection?: (state: ReconnectState) => void
}

/** Somebody looks at it. A server starts the desktop before it answers, which takes a while on a busy machine. */
const policy = { backoff: { baseMs: 250, capMs: 10_000, floorMs: 100 }, connectTimeoutMs: 45_000 }
/** Input that the server has not taken. No person clicks so much: the connection is dead or the sender is broken. */
const maxWaitingInput = 1024 * 1024

const notSignedIn: DesktopState = {
  kind: 'failed',
  code: 'no_deployment',
  reason: 'This deployment is not signed in.',
}

export function createDesktop(options: DesktopOptions): Desktop {
  const { desktopId, chatId, clock, random, tell } = options
  let { client } = options
  let state: DesktopState = { kind: 'connecting', attempt: 1 }
  let socket: ReconnectingSocket | undefined
  let connections = 0
  let isUnderWay = false
  const credit = createOutputCredit(desktopCreditBytes)

  const setState = (next: DesktopState): void => {
    state = next
    tell({ type: 'desktop-state', desktopId, state })
  }
  const isCurrent = (connection: number): boolean =>
    state.kind === 'connected' && state.connection === connection

  const note = (next: ReconnectState): void => {
    isUnderWay = next.name !== 'stopped' && next.name !== 'failed'
    options.onConnection?.(next)
  }
  /** Nobody looks at it any more, or may. What has ended by itself has been told. */
  const noteEnd = (): void => {
    if (isUnderWay) note({ name: 'stopped', reason: 'closed' })
  }

  const onSocketState = (next: ReconnectState): void => {
    note(next)
    if (next.name === 'open') {
      connections += 1
      setState({ kind: 'connected', connection: connections })
      return
    }
    // What the last connection left unacknowledged belongs to nobody any more.
    credit.reset()
    socket?.resume()
    const shown = socketState(next, { now: clock.now(), codeOf })
    if (shown === undefined) return
    setState(shown)
    if (shown.kind === 'failed' && shown.code === 'signed_out') options.onSignedOut()
  }

  const connect = (): void => {
    socket?.close()
    socket = undefined
    credit.reset()
    if (client === undefined) {
      noteEnd()
      setState(notSignedIn)
      return
    }
    const target = client.socket.bind(client, chatDesktopRoutes.connect, { params: { chat: chatId } })
    const opened: ReconnectingSocket = createReconnectingSocket({
      ...{ clock, policy, target },
      ...(random === undefined ? {} : { random }),
      onMessage(bytes, isBinary) {
        if (!isBinary || state.kind !== 'connected') return
        tell({ type: 'desktop-data', desktopId, connection: state.connection, bytes })
        if (credit.spend(bytes.length)) opened.pause()
      },
      onState(next) {
        if (socket === opened) onSocketState(next)
      },
    })
    socket = opened
    opened.start()
  }

  connect()
  return {
    input(connection, bytes) {
      // What was meant for an earlier connection makes no sense in the middle of this one.
      if (!isCurrent(connection) || socket === undefined) return
      if (socket.bufferedAmount > maxWaitingInput) connect()
      else socket.send(bytes)
    },
    acknowledge(connection, bytes) {
      if (isCurrent(connection) && credit.earn(bytes)) socket?.resume()
    },
    retry() {
      if (state.kind === 'failed' || state.kind === 'ended') connect()
      else socket?.retryNow()
    },
    wake: () => socket?.hint('wake'),
    setClient(next) {
      client = next
      connect()
    },
    clientRenewed() {
      if (state.kind === 'failed' && state.code === 'signed_out') connect()
    },
    close() {
      const closing = socket
      socket = undefined
      closing?.close()
      noteEnd()
    },
  }
}

function codeOf(code: FailureCode): Extract<DesktopState, { kind: 'failed' }>['code'] {
  if (code === 'unauthorized') return 'signed_out'
  return code === 'not_found' ? 'unsupported' : 'refused'
}
