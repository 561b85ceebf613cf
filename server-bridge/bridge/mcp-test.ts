/** Trying an MCP server: connect, handshake, list of tools. Nothing is called. */
import {
  Client,
  SSEClientTransport,
  StreamableHTTPClientTransport,
  type Tool,
  type Transport,
} from '@modelcontextprotocol/client'
import { mcpTextMaxChars, mcpToolsMax, type McpTestResult, type McpTool } from '../contract/mcp-test.ts'
import type { Clock } from '../lib/clock.ts'
import { mcpAddressProblem } from './mcp-address.ts'
import { createMcpFetch, type McpFetch } from './mcp-fetch.ts'
import { mcpTestFailure } from './mcp-test-failure.ts'
import { createShowText, type ShowText } from './shown-text.ts'

export interface McpTestTarget {
  readonly url: string
  readonly transport: 'streamable_http' | 'sse'
  /** Secret; one character a byte. */
  readonly headers: Readonly<Record<string, string>>
}

export interface McpTestOptions {
  readonly clock: Clock
  /** Ends the test; its result is then of no interest. */
  readonly signal: AbortSignal
  readonly limitMs?: number
  readonly maxBytes?: number
}

/** For connect, handshake and list together (agents-api 13), as a chat would wait. */
const LIMIT_MS = 10_000
/** How long the end of a session may take, which nobody waits for. */
const GOODBYE_MS = 2000

/** Tries a server. Never rejects: a failure is a result. */
export async function testMcp(target: McpTestTarget, options: McpTestOptions): Promise<McpTestResult> {
  const { clock, limitMs = LIMIT_MS } = options
  const url = new URL(target.url)
  const problem = mcpAddressProblem(url)
  if (problem !== undefined) return { ok: false, kind: 'not_mcp', status: null, message: problem, detail: '' }
  const late = new AbortController()
  const cancelTimer = clock.after(limitMs, () => {
    late.abort(new Error('The time is up.'))
  })
  const signal = AbortSignal.any([options.signal, late.signal])
  const ended = new AbortController()
  const wire = createMcpFetch({
    origin: url.origin,
    signal: ended.signal,
    // The stream for what a server says unasked is optional: many answer 405.
    ignores: (method) => method !== 'POST' && target.transport === 'streamable_http',
    ...(options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes }),
  })
  const show = createShowText(target.headers)
  const transport = open(target, url, wire)
  try {
    const result = await orAborted(examine(transport, target, { clock, signal, show }), signal)
    cancelTimer()
    sayGoodbye(transport, clock, ended)
    return result
  } catch (thrown) {
    await hangUp(transport, ended)
    return mcpTestFailure(thrown, {
      host: url.host,
      last: wire.last(),
      isLate: late.signal.aborted,
      limitMs,
      sentCharacters: Object.values(target.headers).reduce((sum, { length }) => sum + length, 0),
      show,
    })
  } finally {
    cancelTimer()
  }
}

/* eslint-disable @typescript-eslint/no-deprecated -- The protocol has left SSE behind; servers of that kind are still out there. */
type TestTransport = StreamableHTTPClientTransport | SSEClientTransport

function open({ transport, headers }: McpTestTarget, url: URL, { fetch }: McpFetch): TestTransport {
  const requestInit = { headers: { ...headers } }
  if (transport === 'sse') return new SSEClientTransport(url, { fetch, requestInit })
  return new StreamableHTTPClientTransport(url, {
    fetch,
    requestInit,
    reconnectionOptions: {
      initialReconnectionDelay: 1000,
      maxReconnectionDelay: 1000,
      reconnectionDelayGrowFactor: 1,
      maxRetries: 0,
    },
  })
}
/* eslint-enable @typescript-eslint/no-deprecated */

async function examine(
  transport: Transport,
  { transport: kind }: McpTestTarget,
  { clock, signal, show }: { readonly clock: Clock; readonly signal: AbortSignal; readonly show: ShowText },
): Promise<McpTestResult> {
  const client = new Client(
    { name: 'outpost', title: 'Outpost', version: '1' },
    // Servers of the SSE kind are older than any version that is negotiated.
    { versionNegotiation: { mode: kind === 'sse' ? 'legacy' : 'auto' } },
  )
  const startedAt = clock.now()
  await client.connect(transport, { signal })
  const latencyMs = clock.now() - startedAt
  const server = client.getServerVersion()
  const { tools, hasMore } = await listTools(client, signal)
  return {
    ok: true,
    latencyMs,
    protocolVersion: show(client.getNegotiatedProtocolVersion() ?? '', mcpTextMaxChars.name),
    server: {
      name: show(server?.name ?? '', mcpTextMaxChars.name),
      title: show(server?.title ?? '', mcpTextMaxChars.title),
      version: show(server?.version ?? '', mcpTextMaxChars.name),
    },
    tools: tools.map((tool) => shownTool(tool, show)),
    hasMoreTools: hasMore,
  }
}

/** Page by page up to the most that is shown; a server whose pages never end is cut there too. */
async function listTools(client: Client, signal: AbortSignal): Promise<{ tools: Tool[]; hasMore: boolean }> {
  if (client.getServerCapabilities()?.tools === undefined) return { tools: [], hasMore: false }
  const tools: Tool[] = []
  let cursor: string | undefined = ''
  for (let page = 0; page < MAX_PAGES && cursor !== undefined; page += 1) {
    const answer: Awaited<ReturnType<Client['listTools']>> = await client.listTools({ cursor }, { signal })
    tools.push(...answer.tools)
    if (tools.length > mcpToolsMax) return { tools: tools.slice(0, mcpToolsMax), hasMore: true }
    cursor = answer.nextCursor
  }
  return { tools, hasMore: cursor !== undefined }
}

const MAX_PAGES = 50

function shownTool(tool: Tool, show: ShowText): McpTool {
  return {
    name: show(tool.name, mcpTextMaxChars.name),
    title: show(tool.title ?? tool.annotations?.title ?? '', mcpTextMaxChars.title),
    description: show(tool.description ?? '', mcpTextMaxChars.description),
    access: accessOf(tool.annotations),
  }
}

/** Only what the server says itself: by the specification's defaults every silent tool would destroy. */
function accessOf(annotations: Tool['annotations']): McpTool['access'] {
  if (annotations?.readOnlyHint === true) return 'reads'
  if (annotations?.destructiveHint === true) return 'destroys'
  return annotations?.readOnlyHint === false || annotations?.destructiveHint === false ? 'writes' : 'unsaid'
}

async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    signal.addEventListener('abort', () => {
      reject(signal.reason as Error)
    })
  })
  return Promise.race([work, aborted])
}

/** Ends the session, so that the server need not keep it. It may refuse that (405), and nothing depends on it. */
function sayGoodbye(transport: TestTransport, clock: Clock, ended: AbortController): void {
  const stop = clock.after(GOODBYE_MS, () => {
    ended.abort()
  })
  const goodbye = 'terminateSession' in transport ? transport.terminateSession() : Promise.resolve()
  void Promise.allSettled([goodbye]).then(() => {
    stop()
    return hangUp(transport, ended)
  })
}

/** First the transport: an event source that loses its stream would plan to open another. */
async function hangUp(transport: TestTransport, ended: AbortController): Promise<void> {
  await transport.close()
  ended.abort()
}
