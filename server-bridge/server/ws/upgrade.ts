import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { App, RequestBindings } from '../http/bind-routes.ts'
import { requestAddress } from '../http/request-path.ts'
import { watchLiveness } from './socket-liveness.ts'

/** Larger than any message of ours; terminals split what they send. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024
const HOP_HEADERS = new Set(['connection', 'upgrade', 'content-length', 'transfer-encoding'])

export interface UpgradeHandler {
  handle(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Tells every open socket that the server leaves. */
  close(): void
}

/**
 * Upgrades go through the same app as plain requests, so host, origin, credentials and rights are checked by the same
 * code before a socket opens; a refusal is an ordinary HTTP answer.
 */
export function createUpgradeHandler(app: App, clock: Clock, logger: Logger): UpgradeHandler {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    clientTracking: true,
  })
  /** Every connection that asked, from before the answer until it ends: the HTTP server knows none of them any more. */
  const connections = new Set<Duplex>()
  const answer = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    const env: RequestBindings = {
      remoteAddress: request.socket.remoteAddress ?? '',
      isUpgrade: isWebSocketUpgrade(request),
    }
    const response = await app.fetch(toFetchRequest(request), env)
    const { runSocket, takeOver } = env
    if (takeOver) {
      await takeOver.upgrade(request, socket, head)
      return
    }
    if (!runSocket) {
      await refuse(socket, response)
      return
    }
    const extra = [...response.headers].filter(([name]) => name.startsWith('x-'))
    const addHeaders = (lines: string[]): void =>
      void lines.push(...extra.map(([name, value]) => `${name}: ${value}`))
    sockets.once('headers', addHeaders)
    sockets.handleUpgrade(request, socket, head, (opened) => {
      opened.on('error', (error) => logger.debug('A socket broke', { error: error.message }))
      watchLiveness(opened, clock)
      runSocket(opened)
    })
    // A hand-shake that `ws` refused used none of it, and the next one must not.
    sockets.off('headers', addHeaders)
  }
  return {
    handle(request, socket, head) {
      connections.add(socket)
      socket.once('close', () => connections.delete(socket))
      socket.on('error', (error) => logger.debug('An upgrade broke off', { error: error.message }))
      answer(request, socket, head).catch((error: unknown) => {
        logger.error('An upgrade failed', { error: String(error) })
        socket.destroy()
      })
    },
    close() {
      for (const socket of sockets.clients) {
        socket.close(1001, 'server is shutting down')
        socket.terminate()
      }
      for (const connection of connections) connection.destroy()
    },
  }
}

function isWebSocketUpgrade(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket'
}

function toFetchRequest(request: IncomingMessage): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || HOP_HEADERS.has(name)) continue
    headers.set(name, Array.isArray(value) ? value.join(', ') : value)
  }
  return new Request(requestAddress(request.url ?? '/'), { method: 'GET', headers })
}

async function refuse(socket: Duplex, response: Response): Promise<void> {
  const body = Buffer.from(await response.arrayBuffer())
  const lines = [`HTTP/1.1 ${response.status} ${response.statusText || 'Refused'}`]
  response.headers.forEach((value, name) => lines.push(`${name}: ${value}`))
  lines.push(`content-length: ${body.byteLength}`, 'connection: close', '', '')
  // A client that keeps its own half open must not keep the connection.
  socket.once('finish', () => socket.destroy())
  socket.end(Buffer.concat([Buffer.from(lines.join('\r\n')), body]))
}
