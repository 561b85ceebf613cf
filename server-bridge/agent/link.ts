import type { ServerHttp2Session, ServerHttp2Stream, IncomingHttpHeaders } from 'node:http2'
import { WebSocket } from 'ws'
import { agentLinkPath } from '../contract/agent-link.ts'
import { backoffDelay } from '../lib/backoff.ts'
import type { Clock } from '../lib/clock.ts'
import { serveHttp2OverDuplex } from '../lib/http2-link.ts'
import type { Logger } from '../lib/logger.ts'
import { createWebSocketDuplex } from '../lib/websocket-duplex.ts'

/** The server pings every 5 s. Three missed ones and a bit: the path is dead, though no packet ever said so. */
const silenceLimitMs = 17_000
const silenceCheckMs = 2_000
const handshakeTimeoutMs = 10_000
/** HTTP/2 data frames are 16 KiB here; a larger message is no link. */
const maxMessageBytes = 4 * 1024 * 1024

/** The server is on this machine: it is back within a moment, or it stays away and then seconds do not matter. */
const backoff = { baseMs: 250, capMs: 5_000, floorMs: 50 }

export interface LinkTarget {
  readonly serverUrl: string
  readonly agentToken: string
}

export interface AgentLinkOptions {
  readonly target: LinkTarget
  readonly clock: Clock
  readonly logger: Logger
  /** Spreads reconnects: a number in [0, 1). */
  readonly random: () => number
  readonly handle: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void
  /** The server does not know this agent (any more): trying again cannot help. */
  readonly onRefused: (status: number) => void
}

export interface AgentLink {
  /** To be called when the server has shown that it is alive. */
  touch(): void
  /** The server moved, as after its restart on another port: connects there at once. */
  retarget(target: LinkTarget): void
  /** Lets running answers end, then stays closed. */
  close(): Promise<void>
}

/**
 * Statuses no repetition changes: the token belongs to no agent, or the agent to no running workspace. 404 is not
 * among them, since a server that is still starting may not have the route yet.
 */
const hopelessStatuses = new Set([401, 403, 410])

/**
 * Masks keep what a page sends from being taken for a request by something on the way (RFC 6455, 10.3). Nothing is on
 * this one, and by zeros `ws` neither copies nor changes the bytes, on both sides.
 */
const noMask = (mask: Buffer): void => void mask.fill(0)

/** Dials the server and serves it over HTTP/2, again and again until closed or refused. */
export function createAgentLink(options: AgentLinkOptions): AgentLink {
  const { clock, logger } = options
  let target = options.target
  let socket: WebSocket | undefined
  let session: ServerHttp2Session | undefined
  let attempt = 0
  let closed = false
  let lastSign = clock.now()
  let cancelRetry: () => void = () => undefined

  const cancelSilenceCheck = clock.every(silenceCheckMs, () => {
    if (session === undefined || clock.now() - lastSign < silenceLimitMs) return
    logger.warn('The server has gone silent: dialling again')
    session.destroy()
  })

  function dial(): void {
    cancelRetry()
    const dialled = new WebSocket(linkUrl(target.serverUrl), {
      headers: { 'Coder-Session-Token': target.agentToken },
      handshakeTimeout: handshakeTimeoutMs,
      maxPayload: maxMessageBytes,
      perMessageDeflate: false,
      generateMask: noMask,
    })
    socket = dialled
    dialled.once('unexpected-response', (request, response) => {
      const status = response.statusCode ?? 0
      response.resume()
      request.destroy()
      if (socket !== dialled || closed) return
      if (hopelessStatuses.has(status)) {
        stop()
        options.onRefused(status)
      } else {
        retryLater(`the server answered ${status}`)
      }
    })
    dialled.once('error', (error) => {
      if (socket === dialled && session === undefined) retryLater(error.message)
    })
    dialled.once('open', () => {
      serve(dialled)
    })
  }

  function serve(dialled: WebSocket): void {
    if (socket !== dialled || closed) {
      dialled.terminate()
      return
    }
    lastSign = clock.now()
    const served = serveHttp2OverDuplex(createWebSocketDuplex(dialled), (stream, headers) => {
      // Only a request proves a working link: one that opens and dies at once must not be retried without a pause.
      attempt = 0
      options.handle(stream, headers)
    })
    session = served
    logger.info('Connected to the server')
    served.once('close', () => {
      if (session !== served) return
      session = undefined
      if (!closed) retryLater('the link was lost')
    })
  }

  function retryLater(reason: string): void {
    if (closed) return
    const delayMs = backoffDelay(backoff, attempt, options.random)
    attempt += 1
    logger.debug('Dialling again soon', { reason, delayMs, attempt })
    cancelRetry()
    cancelRetry = clock.after(delayMs, dial)
  }

  function stop(): void {
    closed = true
    cancelRetry()
    cancelSilenceCheck()
  }

  dial()
  return {
    touch() {
      lastSign = clock.now()
    },
    retarget(next) {
      if (closed || (next.serverUrl === target.serverUrl && next.agentToken === target.agentToken)) return
      target = next
      attempt = 0
      const [oldSocket, oldSession] = [socket, session]
      session = undefined
      dial()
      oldSession?.destroy()
      oldSocket?.terminate()
    },
    async close() {
      stop()
      const ending = session
      if (ending === undefined || ending.destroyed) {
        socket?.terminate()
        return
      }
      await new Promise<void>((resolve) => {
        ending.close(resolve)
      })
    },
  }
}

function linkUrl(serverUrl: string): URL {
  const url = new URL(agentLinkPath, serverUrl)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url
}
