/* eslint-disable @typescript-eslint/no-deprecated -- the older transport is still about, so it is tested */
/** Real MCP servers on one port, which refuse whoever does not send the headers they want. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { localhostHostValidation, localhostOriginValidation, toNodeHandler } from '@modelcontextprotocol/node'
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js'
import {
  StreamableHTTPServerTransport,
  type EventStore,
} from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'
import { createEverythingServer } from './mcp-everything.ts'

export interface GatedMcpServer {
  /** The 1.x SDK with sessions, event streams and resumption. */
  readonly url: string
  /** The current SDK, which also speaks the protocol of 2026. */
  readonly currentUrl: string
  /** The older transport: events one way, messages the other. */
  readonly sseUrl: string
  /** Headers of every request that came, in order. */
  readonly requests: {
    readonly method: string
    readonly path: string
    readonly headers: IncomingMessage['headers']
  }[]
  /** Sessions that are open. */
  readonly sessions: ReadonlySet<string>
  /** Headers that are required now; every other value is refused with 401. */
  required: Readonly<Record<string, string>>
  /** Ends every event stream of a session, as a proxy in between does. */
  cutStreams(): void
  /** Sends a log message to every session. */
  announce(text: string): Promise<void>
  close(): Promise<void>
}

export async function startGatedMcpServer(
  required: Readonly<Record<string, string>> = {},
): Promise<GatedMcpServer> {
  const requests: GatedMcpServer['requests'] = []
  const sessions = new Map<string, StreamableHTTPServerTransport>()
  const sessionIds = new Set<string>()
  const old = new Map<string, SSEServerTransport>()
  const servers = new Set<ReturnType<typeof createEverythingServer>>()
  const sockets = new Set<Socket>()
  let lastHeaders: IncomingMessage['headers'] = {}
  const openServer = (): ReturnType<typeof createEverythingServer> => {
    const server = createEverythingServer({
      whoami: () => JSON.stringify(lastHeaders),
      echo: (given) => String(given['text']),
      fill: (given) => 'x'.repeat(Number(given['size'])),
    })
    servers.add(server)
    return server
  }

  const current = toNodeHandler(
    createMcpHandler(() => {
      const server = new McpServer({ name: 'current', version: '1.0.0' })
      server.registerTool(
        'echo',
        { description: 'Says it again', inputSchema: z.object({ text: z.string() }) },
        ({ text }) => ({
          content: [{ type: 'text', text }],
        }),
      )
      server.registerTool('whoami', { description: 'Tells the headers', inputSchema: z.object({}) }, () => ({
        content: [{ type: 'text', text: JSON.stringify(lastHeaders) }],
      }))
      return server
    }),
  )

  const streamable = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const id = request.headers['mcp-session-id']
    let transport = typeof id === 'string' ? sessions.get(id) : undefined
    if (transport === undefined && typeof id === 'string') {
      response.writeHead(404).end()
      return
    }
    if (transport === undefined) {
      const made = new StreamableHTTPServerTransport({
        sessionIdGenerator: () => randomUUID(),
        eventStore: createEventStore(),
        retryInterval: 200,
        onsessioninitialized: (sessionId) => {
          sessions.set(sessionId, made)
          sessionIds.add(sessionId)
        },
        onsessionclosed: (sessionId) => {
          sessions.delete(sessionId)
          sessionIds.delete(sessionId)
        },
      })
      transport = made
      await openServer().connect(made)
    }
    await transport.handleRequest(request, response)
  }

  const routes: Readonly<
    Record<string, (request: IncomingMessage, response: ServerResponse) => Promise<unknown>>
  > = {
    '/mcp': streamable,
    '/current': async (request, response) => current(request as never, response),
    '/sse': async (_request, response) => {
      const transport = new SSEServerTransport('/messages', response)
      old.set(transport.sessionId, transport)
      response.once('close', () => old.delete(transport.sessionId))
      await openServer().connect(transport)
    },
    '/messages': async (request, response) => {
      const id = new URL(request.url ?? '', 'http://localhost').searchParams.get('sessionId') ?? ''
      const transport = old.get(id)
      if (transport === undefined) response.writeHead(404).end()
      else await transport.handlePostMessage(request, response)
    },
  }

  const isHostFine = localhostHostValidation()
  const isOriginFine = localhostOriginValidation()
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    if (!isHostFine(request, response) || !isOriginFine(request, response)) return
    const path = new URL(request.url ?? '', 'http://localhost').pathname
    requests.push({ method: request.method ?? '', path, headers: request.headers })
    const wrong = Object.entries(test.required).find(
      ([name, value]) => request.headers[name.toLowerCase()] !== value,
    )
    const route = routes[path]
    if (wrong !== undefined) {
      const error = { code: -32001, message: `The header ${wrong[0]} is missing or wrong.` }
      response.writeHead(401, { 'content-type': 'application/json', 'www-authenticate': 'Bearer' })
      response.end(JSON.stringify({ jsonrpc: '2.0', error, id: null }))
      return
    }
    lastHeaders = request.headers
    if (route === undefined) response.writeHead(404).end()
    else void route(request, response)
  }
  const http = createServer(handle)
  http.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
  const origin = `http://127.0.0.1:${String((http.address() as AddressInfo).port)}`

  const test: GatedMcpServer = {
    url: `${origin}/mcp`,
    currentUrl: `${origin}/current`,
    sseUrl: `${origin}/sse`,
    requests,
    sessions: sessionIds,
    required,
    cutStreams() {
      for (const socket of sockets) socket.destroy()
    },
    async announce(text) {
      for (const server of servers) {
        if (server.transport !== undefined) await server.sendLoggingMessage({ level: 'info', data: text })
      }
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      for (const server of servers) await server.close()
      await new Promise((done) => http.close(done))
    },
  }
  return test
}

/** Events by stream, so that a client that was cut off gets what it missed. */
function createEventStore(): EventStore {
  const events: { readonly id: string; readonly stream: string; readonly message: JSONRPCMessage }[] = []
  return {
    async storeEvent(stream, message) {
      const id = `${stream}_${String(events.length)}`
      events.push({ id, stream, message })
      return id
    },
    async replayEventsAfter(lastId, { send }) {
      const at = events.findIndex(({ id }) => id === lastId)
      const stream = events[at]?.stream ?? ''
      for (const event of events.slice(at + 1))
        if (event.stream === stream) await send(event.id, event.message)
      return stream
    },
  }
}
