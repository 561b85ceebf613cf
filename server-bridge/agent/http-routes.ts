import { constants, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2'
import { z } from 'zod'
import { agentManifestSchema, agentRoutes } from '../contract/agent-link.ts'
import { createPtyRequestDecoder, ptyQuerySchema } from '../contract/pty.ts'
import type { Logger } from '../lib/logger.ts'
import { toError } from '../lib/to-error.ts'
import { NoManifestError, type Agent } from './agent.ts'
import { serveDesktop } from './desktop/serve-desktop.ts'
import { serveDial } from './serve-dial.ts'
import { RouteError } from './route-error.ts'
import { clampSide } from './terminal-size.ts'
import { TooManyTerminalsError, type TerminalSummary } from './terminals.ts'

/** Scripts of a template are text of some KiB; nothing sensible comes near this. */
const maxManifestBytes = 8 * 1024 * 1024
/** A client that neither reads nor writes for this long after the end of its terminal has forgotten it. */
const halfOpenMs = 30_000

const eventsQuerySchema = z.object({ after: z.coerce.number().int().min(0).default(0) })

/** What happens beside answering: the life of the process hangs on both. */
export interface AgentRouteHooks {
  /** The server is alive. */
  readonly onPing: () => void
  /** The workspace has shut down and the server was told. */
  readonly onShutDown: () => void
}

/** Answers the routes of the agent link. */
export function createAgentRoutes(
  agent: Agent,
  logger: Logger,
  hooks: AgentRouteHooks,
): (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void {
  const handlers: Record<string, (stream: ServerHttp2Stream, url: URL) => Promise<void> | void> = {
    [keyOf(agentRoutes.ping)]: (stream) => {
      hooks.onPing()
      answer(stream, 200, { ok: true })
    },
    [keyOf(agentRoutes.manifest)]: async (stream) => {
      const manifest = agentManifestSchema.safeParse(await readJson(stream))
      if (!manifest.success)
        throw new RouteError(400, `The manifest is not valid: ${z.prettifyError(manifest.error)}`)
      agent.applyManifest(manifest.data)
      answer(stream, 204)
    },
    [keyOf(agentRoutes.events)]: (stream, url) => {
      const query = eventsQuerySchema.safeParse(Object.fromEntries(url.searchParams))
      if (!query.success) throw new RouteError(400, 'The query "after" has to be a sequence number.')
      stream.resume()
      stream.respond({ ':status': 200, 'content-type': 'application/x-ndjson' })
      agent.streamEvents(stream, query.data.after)
    },
    [keyOf(agentRoutes.pty)]: (stream, url) => openTerminal(agent, stream, url),
    [keyOf(agentRoutes.terminals)]: async (stream) => {
      stream.resume()
      answer(stream, 200, { terminals: (await agent.listTerminals()).map(toWireTerminal) })
    },
    [keyOf(agentRoutes.endTerminal)]: async (stream, url) => {
      stream.resume()
      const wasThere = await agent.endTerminal(url.searchParams.get('id') ?? '')
      if (!wasThere) throw new RouteError(404, 'There is no such terminal.')
      answer(stream, 204)
    },
    [keyOf(agentRoutes.ports)]: async (stream) => {
      stream.resume()
      answer(stream, 200, { ports: await agent.listListeningPorts() })
    },
    [keyOf(agentRoutes.dial)]: (stream, url) => serveDial(stream, url.searchParams),
    [keyOf(agentRoutes.desktop)]: async (stream) => serveDesktop(stream, await agent.openDesktop()),
    [keyOf(agentRoutes.ssh)]: async (stream) => {
      const serve = agent.prepareSsh()
      stream.respond({ ':status': 200, 'content-type': 'application/octet-stream' })
      const session = agent.usage.open('ssh')
      try {
        await serve(stream, session)
      } finally {
        session.end()
      }
    },
    [keyOf(agentRoutes.shutdown)]: async (stream) => {
      stream.resume()
      await agent.shutDown()
      if (!stream.destroyed) stream.once('close', hooks.onShutDown)
      else hooks.onShutDown()
      answer(stream, 204)
    },
  }

  return (stream, headers) => {
    stream.on('error', (error) => {
      logger.debug('A request broke off', { path: headers[':path'], error: error.message })
    })
    const url = new URL(headers[':path'] ?? '/', 'http://agent')
    const key = `${headers[':method'] ?? 'GET'} ${url.pathname}`
    const tool = agent.tools(key)
    const handler =
      tool === undefined
        ? handlers[key]
        : async (): Promise<void> => {
            const body = await readJson(stream)
            answer(stream, 200, await tool(body, goneSignal(stream)))
          }
    if (handler === undefined) {
      stream.resume()
      answer(stream, 404, { message: 'The agent does not know this route.' })
      return
    }
    Promise.resolve()
      .then(() => handler(stream, url))
      .catch((error: unknown) => {
        const status = statusOf(error)
        if (status === 500) logger.error('A request failed', { path: url.pathname, error: String(error) })
        stream.resume()
        answer(stream, status, { message: toError(error).message })
      })
  }
}

/** Aborts when the other side gives the request up, for what must not go on without it. */
function goneSignal(stream: ServerHttp2Stream): AbortSignal {
  const gone = new AbortController()
  const tell = (): void => gone.abort(new Error('The request was given up.'))
  if (stream.destroyed) tell()
  else stream.once('close', tell)
  return gone.signal
}

function statusOf(error: unknown): number {
  if (error instanceof RouteError) return error.status
  if (error instanceof NoManifestError) return 409
  return error instanceof TooManyTerminalsError ? 429 : 500
}

async function openTerminal(agent: Agent, stream: ServerHttp2Stream, url: URL): Promise<void> {
  const query = ptyQuerySchema.safeParse(Object.fromEntries(url.searchParams))
  if (!query.success)
    throw new RouteError(400, `The terminal's query is not valid: ${z.prettifyError(query.error)}`)
  const { reconnect, width, height, command } = query.data
  const size = { cols: clampSide(width), rows: clampSide(height) }
  const terminal = await agent.openTerminal({ id: reconnect, ...size, command: command ?? '' })
  if (stream.destroyed) return
  stream.respond({ ':status': 200, 'content-type': 'application/octet-stream' })
  // The client ends its half when it has read the end of ours. Resetting the stream here would be quicker, but a reset
  // drops what HTTP/2 has still to send; so that comes only after a client had its time.
  stream.once('finish', () => {
    stream.setTimeout(halfOpenMs, () => {
      stream.close(constants.NGHTTP2_NO_ERROR)
    })
  })
  const session = agent.usage.open('reconnecting_pty')
  const client = terminal.attach(stream, size, (bytes) => {
    session.count('tx', bytes)
  })
  stream.once('close', () => {
    session.end()
  })
  const decoder = createPtyRequestDecoder()
  stream.on('data', (chunk: Buffer) => {
    session.count('rx', chunk.length)
    try {
      for (const request of decoder.push(chunk)) {
        if (
          request.width !== undefined &&
          request.height !== undefined &&
          request.width > 0 &&
          request.height > 0
        ) {
          client.resize({ cols: clampSide(request.width), rows: clampSide(request.height) })
        }
        if (request.data !== undefined && request.data !== '') client.input(request.data)
        if (request.read !== undefined) client.read(request.read)
      }
    } catch (error) {
      // The stream cannot be read on; the shell itself lives on for a client that speaks properly. Not by `close`, which
      // sends an orderly end ahead of the reset: whoever reads that first takes the shell for ended.
      stream.destroy(toError(error))
    }
  })
}

function toWireTerminal(terminal: TerminalSummary): object {
  const { id, command, title, startedAt, lastActiveAt, clients } = terminal
  return {
    id,
    command,
    title,
    started_at: new Date(startedAt).toISOString(),
    last_active_at: new Date(lastActiveAt).toISOString(),
    clients,
  }
}

function keyOf(route: { readonly method: string; readonly path: string }): string {
  return `${route.method} ${route.path}`
}

async function readJson(stream: ServerHttp2Stream): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxManifestBytes) throw new RouteError(413, 'The request is too large.')
    chunks.push(chunk)
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new RouteError(400, 'The request is not JSON.')
  }
}

function answer(stream: ServerHttp2Stream, status: number, body?: object): void {
  if (stream.destroyed || stream.headersSent || stream.closed) return
  stream.respond(
    { ':status': status, ...(body !== undefined && { 'content-type': 'application/json' }) },
    { endStream: body === undefined },
  )
  // Bytes, as in the outbox: the link is no socket of the system.
  if (body !== undefined) stream.end(Buffer.from(JSON.stringify(body)))
}
