import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import type { RawData } from 'ws'
import type { Clock } from '../lib/clock.ts'
import { messageBytes } from '../lib/message-bytes.ts'
import type { SocketFailure, SocketNetwork, SocketWay } from '../lib/socket-network.ts'
import type { SocketTarget } from './coder-client.ts'
import { connectionErrorFrom } from './connection-failure.ts'
import { handshakeFailure } from './handshake-failure.ts'
import type { HandshakeFailure } from './handshake-failure.ts'
import { createReconnectingConnection } from './reconnecting-connection.ts'
import type {
  Connection,
  ConnectionFailure,
  ConnectionListener,
  ReconnectingConnection,
  ReconnectingConnectionOptions,
} from './reconnecting-connection.ts'

/** Without `status` and `hopeless` the next attempt follows. */
export type ExplainedFailure = ConnectionFailure

export interface ReconnectingSocketOptions extends Omit<ReconnectingConnectionOptions, 'open'> {
  /** Asked before every attempt, so that it can say where to go on from. */
  readonly target: () => SocketTarget
  readonly onMessage: (data: Buffer, isBinary: boolean) => void
  /**
   * Explains a refused handshake where its status says too little, as with the terminal's 404.
   */
  readonly explain?: (failure: HandshakeFailure) => Promise<ExplainedFailure>
  /**
   * Answers pings in place of the socket, in their order and when it sees fit. Each is called after the messages before it;
   * an answer that comes too late for its connection goes nowhere.
   */
  readonly onPing?: (payload: Buffer, answer: () => void) => void
  readonly maxPayloadBytes?: number
  /** Silence after which a ping asks for a sign of life. Coder pings every 15 s, so an idle socket costs nothing. */
  readonly keepaliveMs?: number
  /** How long that sign may take. */
  readonly keepaliveTimeoutMs?: number
}

export interface ReconnectingSocket extends ReconnectingConnection {
  /** False when there is no open socket; nothing is queued then. */
  send(data: string | Uint8Array): boolean
  /** Bytes handed over and not yet with the kernel. */
  readonly bufferedAmount: number
  /** Stops reading, so that a flood stays in the kernel. Holds over a reconnect until `resume`. */
  pause(): void
  resume(): void
}

const defaultMaxPayloadBytes = 16 * 1024 * 1024
/** A peer that does not answer our close frame is cut after this long. */
const closeGraceMs = 1000

/** A WebSocket that comes back by itself, by the rules of the reconnect machine. */
export function createReconnectingSocket(options: ReconnectingSocketOptions): ReconnectingSocket {
  let socket: WebSocket | undefined
  let paused = false
  let heard: (() => void) | undefined

  /** Something was done about a failure since the last open socket: once is enough. */
  let recovered = false

  function open(listener: ConnectionListener): Connection {
    const target = options.target()
    const { network } = target
    return network === undefined ? dial(target, listener) : openOver(network, target, listener)
  }

  function dial({ url, headers }: SocketTarget, listener: ConnectionListener, way?: Way): Connection {
    const ws = new WebSocket(url, {
      headers: { ...way?.headers, ...headers },
      ...(way === undefined ? {} : { agent: way.agent }),
      perMessageDeflate: false,
      maxPayload: options.maxPayloadBytes ?? defaultMaxPayloadBytes,
      followRedirects: false,
      autoPong: options.onPing === undefined,
    })
    socket = ws
    const alive = watchSilence(options, () => paused, ws, listener)
    heard = alive.heard
    attach(ws, { host: new URL(url).host, listener, alive, way })
    return {
      check: alive.check,
      close() {
        alive.end()
        if (socket === ws) socket = undefined
        shut(ws, options.clock)
      },
    }
  }

  /** Another attempt at once has a chance: what stood in the way was mended. */
  async function mended(way: Way | undefined, failure: SocketFailure): Promise<boolean> {
    if (way === undefined || recovered) return false
    recovered = await way.recover(failure)
    return recovered
  }

  function attach(ws: WebSocket, { host, listener, alive, way }: Attachment): void {
    let failed = false
    let opened = false
    const explained = async (response: IncomingMessage): Promise<ConnectionFailure> => {
      const failure = await handshakeFailure(response, host)
      const { headers } = response
      if (await mended(way, { status: failure.status, headers })) return { reason: failure.reason }
      try {
        return (await options.explain?.(failure)) ?? failure
      } catch (thrown) {
        options.logger?.warn('A refused connection could not be explained', { error: thrown })
        return failure
      }
    }
    ws.on('open', () => {
      opened = true
      recovered = false
      alive.start()
      if (paused) ws.pause()
      listener.opened()
    })
    ws.on('message', (data: RawData, isBinary: boolean) => {
      alive.heard()
      options.onMessage(messageBytes(data), isBinary)
    })
    ws.on('ping', (payload) => {
      alive.heard()
      options.onPing?.(payload, () => {
        if (ws.readyState === WebSocket.OPEN) ws.pong(payload)
      })
    })
    ws.on('pong', alive.heard)
    ws.on('unexpected-response', (request, response) => {
      failed = true
      void explained(response).then((failure) => {
        request.destroy()
        listener.failed(failure)
      })
    })
    ws.on('error', (thrown) => {
      if (opened || failed) return
      failed = true
      const error = connectionErrorFrom(way?.explain(thrown) ?? thrown, host)
      const failure = { reason: error.message, hopeless: error.code === 'tls' ? ('tls' as const) : undefined }
      mended(way, { error }).then(
        (isMended) => {
          listener.failed(isMended ? { reason: error.message } : failure)
        },
        (cause: unknown) => {
          listener.failed({ ...failure, reason: connectionErrorFrom(cause, host).message })
        },
      )
    })
    ws.on('close', (code, reason) => {
      alive.end()
      if (opened) listener.closed(code, closeReason(code, reason.toString(), host))
    })
  }

  function openOver(network: SocketNetwork, target: SocketTarget, listener: ConnectionListener): Connection {
    let isGivenUp = false
    let dialled: Connection | undefined
    network.prepare(target.url).then(
      (way) => {
        if (!isGivenUp) dialled = dial(target, listener, { ...way, explain: network.explain })
      },
      (thrown: unknown) => {
        if (!isGivenUp)
          listener.failed({ reason: connectionErrorFrom(thrown, new URL(target.url).host).message })
      },
    )
    return {
      check: () => dialled?.check(),
      close() {
        isGivenUp = true
        dialled?.close()
      },
    }
  }

  const connection = createReconnectingConnection({ ...options, open })
  return {
    get state() {
      return connection.state
    },
    get bufferedAmount() {
      return socket?.bufferedAmount ?? 0
    },
    start: connection.start,
    retryNow: connection.retryNow,
    hint: connection.hint,
    close: connection.close,
    send(data) {
      if (socket?.readyState !== WebSocket.OPEN) return false
      socket.send(data)
      return true
    },
    pause() {
      paused = true
      if (socket?.readyState === WebSocket.OPEN) socket.pause()
    },
    resume() {
      paused = false
      heard?.()
      if (socket?.readyState === WebSocket.OPEN) socket.resume()
    },
  }
}

type Way = SocketWay & Pick<SocketNetwork, 'explain'>

interface Attachment {
  readonly host: string
  readonly listener: ConnectionListener
  readonly alive: SilenceWatch
  readonly way: Way | undefined
}

interface SilenceWatch {
  readonly start: () => void
  readonly heard: () => void
  readonly check: () => void
  readonly end: () => void
}

/** Notices that nothing comes any more. A socket that we paused ourselves is not silent: its pongs are not read. */
function watchSilence(
  options: Pick<ReconnectingSocketOptions, 'clock' | 'keepaliveMs' | 'keepaliveTimeoutMs'>,
  isPaused: () => boolean,
  ws: WebSocket,
  listener: ConnectionListener,
): SilenceWatch {
  const { clock, keepaliveMs = 20_000, keepaliveTimeoutMs = 10_000 } = options
  let lastHeard = clock.now()
  let cancelEvery: (() => void) | undefined
  let cancelAnswer: (() => void) | undefined
  const heard = () => {
    lastHeard = clock.now()
    cancelAnswer?.()
    cancelAnswer = undefined
  }
  const check = () => {
    if (ws.readyState !== WebSocket.OPEN || isPaused() || cancelAnswer !== undefined) return
    ws.ping()
    cancelAnswer = clock.after(keepaliveTimeoutMs, () => {
      cancelAnswer = undefined
      if (!isPaused()) listener.silent()
    })
  }
  return {
    start() {
      lastHeard = clock.now()
      cancelEvery = clock.every(keepaliveMs, () => {
        if (clock.now() - lastHeard >= keepaliveMs) check()
      })
    },
    heard,
    check,
    end() {
      cancelEvery?.()
      cancelAnswer?.()
      cancelAnswer = undefined
    },
  }
}

function shut(ws: WebSocket, clock: Clock): void {
  ws.removeAllListeners()
  // Giving up while connecting raises an error that nobody waits for any more.
  ws.on('error', () => undefined)
  if (ws.readyState !== WebSocket.OPEN) {
    ws.terminate()
    return
  }
  if (ws.isPaused) ws.resume()
  const cancel = clock.after(closeGraceMs, () => {
    ws.terminate()
  })
  ws.once('close', cancel)
  ws.close(1000)
}

function closeReason(code: number, reason: string, host: string): string {
  if (reason !== '') return reason
  if (code === 1006 || code === 1005) return `The connection to ${host} was lost.`
  return code === 1001 ? `${host} is restarting.` : `${host} closed the connection (code ${code}).`
}
