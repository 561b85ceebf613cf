/** Real MCP servers on loopback: of today's SDK, of the one before, and of the SSE kind. */
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { McpServer as OldMcpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import type { SelfSigned } from './self-signed.ts'

export interface SampleTool {
  readonly name: string
  readonly title?: string
  readonly description?: string
  readonly annotations?: { readonly readOnlyHint?: boolean; readonly destructiveHint?: boolean }
}

export interface ListeningServer {
  readonly url: string
  /** Headers of every request, in order. */
  readonly requests: readonly IncomingMessage[]
  close(): Promise<void>
}

/** Answers with what a listener says, over TLS where a certificate is given. */
export async function listen(listener: RequestListener, tls?: SelfSigned): Promise<ListeningServer> {
  const requests: IncomingMessage[] = []
  const recording: RequestListener = (request, response) => {
    requests.push(request)
    listener(request, response)
  }
  const server: Server =
    tls === undefined ? createServer(recording) : createTlsServer({ key: tls.key, cert: tls.cert }, recording)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const info = { name: 'sample', title: 'Sample server', version: '3.2.1' }

/** The revision of 2026 and, for older clients, the one of 2025. Its address is `url` + `/mcp`. */
export function startMcpServer(tools: readonly SampleTool[]): Promise<ListeningServer> {
  const handler = createMcpHandler(() => {
    const server = new McpServer(info)
    for (const { name, ...config } of tools) server.registerTool(name, config, () => ({ content: [] }))
    return server
  })
  return listen(toNodeHandler(handler) as RequestListener)
}

function oldServer(tools: readonly SampleTool[]): OldMcpServer {
  const server = new OldMcpServer(info)
  for (const { name, ...config } of tools) server.registerTool(name, config, () => ({ content: [] }))
  return server
}

/** The revision of 2025 with sessions. `ended` tells how many the client ended. */
export async function startSessionMcpServer(
  tools: readonly SampleTool[],
): Promise<ListeningServer & { readonly ended: () => number }> {
  const sessions = new Map<string, StreamableHTTPServerTransport>()
  let ended = 0
  const serve = async (...[request, response]: Parameters<RequestListener>): Promise<void> => {
    const known = sessions.get(String(request.headers['mcp-session-id']))
    if (known !== undefined) return known.handleRequest(request, response)
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (id) => void sessions.set(id, transport),
      onsessionclosed: () => void (ended += 1),
    })
    await oldServer(tools).connect(transport)
    await transport.handleRequest(request, response)
  }
  const server = await listen((request, response) => void serve(request, response))
  return { ...server, ended: () => ended }
}

/* eslint-disable @typescript-eslint/no-deprecated -- Servers of this kind are still out there. */
/** The SSE kind, whose messages go to an address that the stream names first. */
export function startSseMcpServer(tools: readonly SampleTool[]): Promise<ListeningServer> {
  const sessions = new Map<string, SSEServerTransport>()
  const serve = async (...[request, response]: Parameters<RequestListener>): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    if (pathname === '/messages') {
      const known = sessions.get(searchParams.get('sessionId') ?? '')
      return known?.handlePostMessage(request, response)
    }
    const transport = new SSEServerTransport('/messages', response)
    sessions.set(transport.sessionId, transport)
    await oldServer(tools).connect(transport)
  }
  return listen((request, response) => void serve(request, response))
}
/* eslint-enable @typescript-eslint/no-deprecated */
