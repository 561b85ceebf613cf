/** A server that speaks Coder's terminal route and the agent route beside it, scripted by a test. Loopback only. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WebSocketServer, type WebSocket } from 'ws'

export interface PtyServer {
  readonly url: string
  /** Sockets opened so far, newest last, with their query. */
  readonly sockets: {
    readonly socket: WebSocket
    readonly query: URLSearchParams
    readonly token: string | undefined
    readonly received: Buffer[]
  }[]
  /** Answers the next handshakes with this status instead of an upgrade; `undefined` takes them again. */
  refuseWith: number | undefined
  /** Answer of `GET /api/v2/workspaceagents/{id}`. */
  agent: { status: number; body: unknown }
  /** Resolves with the next socket. */
  nextSocket(): Promise<PtyServer['sockets'][number]>
  close(): Promise<void>
}

export async function startPtyServer(): Promise<PtyServer> {
  const waiting: ((entry: PtyServer['sockets'][number]) => void)[] = []
  const http = createServer((_request, response) => {
    response.writeHead(server.agent.status, { 'Content-Type': 'application/json; charset=utf-8' })
    response.end(JSON.stringify(server.agent.body))
  })
  const ws = new WebSocketServer({ noServer: true })
  http.on('upgrade', (request, socket, head) => {
    if (server.refuseWith !== undefined) {
      socket.end(
        `HTTP/1.1 ${String(server.refuseWith)} Refused\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>`,
      )
      return
    }
    ws.handleUpgrade(request, socket, head, (accepted) => {
      const entry = {
        socket: accepted,
        query: new URL(request.url ?? '/', 'http://localhost').searchParams,
        token: request.headers['coder-session-token']?.toString(),
        received: [] as Buffer[],
      }
      accepted.on('message', (data: Buffer) => entry.received.push(data))
      server.sockets.push(entry)
      waiting.shift()?.(entry)
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const server: PtyServer = {
    url: `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`,
    sockets: [],
    refuseWith: undefined,
    agent: {
      status: 404,
      body: { message: 'Resource not found or you do not have access to this resource' },
    },
    nextSocket: () =>
      new Promise((resolve) => {
        waiting.push(resolve)
      }),
    close: async () => {
      for (const { socket } of server.sockets) socket.terminate()
      ws.close()
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
  return server
}
