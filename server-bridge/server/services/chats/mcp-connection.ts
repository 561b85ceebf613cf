import type { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { Clock } from '../../../lib/clock.ts'

export interface McpConnectionTarget {
  readonly url: string
  readonly transport: string
  /** Secret; one character a byte. */
  readonly headers: Readonly<Record<string, string>>
  /** Ends the connecting. */
  readonly signal: AbortSignal
  readonly clock: Clock
}

export interface McpConnection {
  /** Connected. */
  client(): Promise<Client>
  /** Never rejects. */
  close(): Promise<void>
}

/** All answers of one connection together. */
const MAX_BYTES = 16 * 1024 * 1024

/** How long a server may take to end a session, so that it need not keep it. */
const GOODBYE_MS = 2000

/** Connects to one MCP server; its headers go to its own origin only. */
export function connectMcp(target: McpConnectionTarget): McpConnection {
  const ended = new AbortController()
  const connecting = connect(target, ended.signal)
  // Who never asks for the client must not make an unhandled rejection of it.
  connecting.catch(() => undefined)
  return {
    client: async () => (await connecting).client,
    async close() {
      const { client, transport } = await connecting.catch(() => ({
        client: undefined,
        transport: undefined,
      }))
      const cancel = target.clock.after(GOODBYE_MS, () => ended.abort())
      // It may refuse that (405), and nothing depends on it.
      const goodbye = transport && 'terminateSession' in transport ? transport.terminateSession() : undefined
      await Promise.allSettled([goodbye])
      cancel()
      await Promise.allSettled([client?.close()])
      ended.abort()
    },
  }
}

/* eslint-disable @typescript-eslint/no-deprecated -- The protocol has left SSE behind; servers of that kind are still out there. */
interface Connected {
  readonly client: Client
  readonly transport: StreamableHTTPClientTransport | SSEClientTransport
}

async function connect(
  { url, transport: kind, headers, signal }: McpConnectionTarget,
  ended: AbortSignal,
): Promise<Connected> {
  const mcp = await import('@modelcontextprotocol/client')
  const address = new URL(url)
  const options = { fetch: ownFetch(address.origin, ended), requestInit: { headers: { ...headers } } }
  const client = new mcp.Client(
    { name: 'outpost', title: 'Outpost', version: '1' },
    // Servers of the SSE kind are older than any version that is negotiated.
    { versionNegotiation: { mode: kind === 'sse' ? 'legacy' : 'auto' } },
  )
  const transport =
    kind === 'sse'
      ? new mcp.SSEClientTransport(address, options)
      : new mcp.StreamableHTTPClientTransport(address, options)
  try {
    await orAborted(client.connect(transport, { signal }), signal)
    return { client, transport }
  } catch (error) {
    await transport.close()
    throw error
  }
}
/* eslint-enable @typescript-eslint/no-deprecated */

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })
  return Promise.race([work, aborted])
}

/** To one origin, never along a redirect, and bounded. */
function ownFetch(
  origin: string,
  ended: AbortSignal,
): (input: string | URL, init?: RequestInit) => Promise<Response> {
  let bytes = 0
  return async (input, init = {}) => {
    if (new URL(input).origin !== origin)
      throw new TypeError('The server sends the connection to another origin.')
    const signal = init.signal ? AbortSignal.any([ended, init.signal]) : ended
    const response = await fetch(input, { ...init, redirect: 'error', signal })
    if (response.body === null) return response
    const bounded = response.body.pipeThrough(
      new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          bytes += chunk.byteLength
          if (bytes > MAX_BYTES) controller.error(new Error('The answers of the server are too large.'))
          else controller.enqueue(chunk)
        },
      }),
    )
    return new Response(bounded, { status: response.status, headers: response.headers })
  }
}
