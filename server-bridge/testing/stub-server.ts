import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'

export interface StubServerOptions {
  readonly onRequest?: RequestListener
  /** Gets every socket whose upgrade was accepted. */
  readonly onSocket?: (socket: WebSocket, request: IncomingMessage) => void
  /** Answers an upgrade with a status and JSON instead. */
  readonly refuse?: (
    request: IncomingMessage,
  ) => { status: number; body?: unknown; headers?: string } | undefined
  readonly tls?: {
    readonly key: string
    readonly cert: string
    /** Asks clients for a certificate that this authority signed. */
    readonly ca?: string
    readonly requestCert?: boolean
  }
}

export interface StubServer {
  readonly url: string
  readonly requests: IncomingMessage[]
  /** Ends the server and every connection. */
  close(): Promise<void>
  /** Cuts every connection, as a network does. */
  cut(): void
}

/** A real server on loopback that says what a test wants it to. */
export async function startStubServer(options: StubServerOptions): Promise<StubServer> {
  const requests: IncomingMessage[] = []
  const sockets = new Set<Socket>()
  const listener: RequestListener = (request, response) => {
    requests.push(request)
    if (options.onRequest === undefined) response.writeHead(404).end()
    else options.onRequest(request, response)
  }
  const server = options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener)
  const upgrades = new WebSocketServer({ noServer: true, perMessageDeflate: false })
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('upgrade', (request, socket, head) => {
    requests.push(request)
    const refusal = options.refuse?.(request)
    if (refusal === undefined) {
      upgrades.handleUpgrade(request, socket, head, (ws) => {
        ws.on('error', () => undefined)
        options.onSocket?.(ws, request)
      })
      return
    }
    const body = JSON.stringify(refusal.body ?? { message: 'Refused.' })
    const lines = [
      `HTTP/1.1 ${refusal.status} Refused`,
      'Content-Type: application/json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      ...(refusal.headers === undefined ? [] : [refusal.headers]),
    ]
    socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests,
    cut,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        cut()
      }),
  }
}

/** Answers JSON as Coder does. */
export function sendJson(response: Parameters<RequestListener>[1], status: number, body: unknown): void {
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'X-Coder-Build-Version': 'v2.31.0',
    'X-Coder-Request-Id': '3b579bf4-1ed8-4b99-87a8-e9a1e3410410',
  })
  response.end(`${JSON.stringify(body)}\n`)
}
