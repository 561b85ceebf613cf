/**
 * The endpoint of MCP that a workspace sees: checks who asks, adds the user's header values and passes answers back
 * without them. It listens nowhere; connections are handed to it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { GatewayTarget } from '../../contract/header-gateway.ts'
import type { Clock } from '../../lib/clock.ts'
import { toError } from '../../lib/to-error.ts'
import type { Asker } from './asker.ts'
import { checkAccess } from './gateway-access.ts'
import { createGatewayConnections } from './gateway-connections.ts'
import { upstreamHeaders } from './gateway-headers.ts'
import { createMinuteLimit, defaultGatewayLimits, type GatewayLimits } from './gateway-limits.ts'
import { refuse, type Refusal } from './gateway-refusal.ts'
import { createMessageAddresses } from './message-addresses.ts'
import { BrokenAnswerError, passAnswer } from './pass-answer.ts'
import { BodyError, readBody } from './read-body.ts'
import { createSecretMasker } from './secret-masker.ts'
import { secretPieces, wholeSecrets } from './secret-pieces.ts'
import { createUpstream, UpstreamError } from './upstream-request.ts'

/** The path the workspace uses, whatever the MCP server's own is. */
export const gatewayPath = '/mcp'

/** What happened, for the person who looks: sentences and numbers, never a value. */
export type GatewayEvent =
  /** A tool was called. */
  | { readonly type: 'call' }
  /** The MCP server answered. */
  | { readonly type: 'answered'; readonly status: number }
  /** There was no answer, or none that could be passed on. */
  | { readonly type: 'failed'; readonly message: string }

export interface GatewayEndpointOptions {
  readonly target: GatewayTarget
  readonly bearer: string
  /** Where the workspace reaches it; asked with every request. */
  readonly port: () => number
  readonly clock: Clock
  readonly limits?: Partial<GatewayLimits>
  readonly onEvent: (event: GatewayEvent) => void
  /** Another authority for the MCP server's certificate, in PEM. */
  readonly ca?: string
}

export interface GatewayEndpoint {
  /** Serves one connection of the workspace, until either end closes it. */
  serve(connection: Duplex): void
  /** Ends every connection and stream at once, and each that comes later. */
  close(): void
}

type Method = 'GET' | 'POST' | 'DELETE'

export function createGatewayEndpoint(options: GatewayEndpointOptions): GatewayEndpoint {
  const { target, clock, onEvent } = options
  const limits: GatewayLimits = { ...defaultGatewayLimits, ...options.limits }
  const server = new URL(target.url)
  const isOld = target.transport === 'sse'
  const masker = createSecretMasker(secretPieces(target))
  const wholeMasker = createSecretMasker(wholeSecrets(target))
  const upstream = createUpstream(clock, options.ca === undefined ? {} : { ca: options.ca })
  const addresses = createMessageAddresses(gatewayPath)
  const rate = createMinuteLimit(limits.requestsPerMinute, () => clock.now())
  const connections = createGatewayConnections(limits, clock)
  let open = 0

  /** Where a request goes, or how it is refused. */
  const routeOf = (request: IncomingMessage): { readonly url: URL } | Refusal => {
    const { method = '', url: path = '' } = request
    const messages = isOld ? addresses.find(path) : undefined
    if (messages === undefined && path !== gatewayPath)
      return { status: 404, message: 'There is nothing here.' }
    const allowed = messages === undefined ? (isOld ? ['GET'] : ['GET', 'POST', 'DELETE']) : ['POST']
    if (!allowed.includes(method)) {
      const message = `Only ${allowed.join(', ')} can be used here.`
      return { status: 405, message, headers: { allow: allowed.join(', ') } }
    }
    if (method === 'POST' && !/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
      return { status: 415, message: 'A message has to be application/json.' }
    }
    return { url: messages ?? server }
  }

  const busy = (): Refusal | undefined => {
    if (open >= limits.openRequests) {
      return {
        status: 503,
        message: 'Too many requests are open at a time.',
        headers: { 'retry-after': '5' },
      }
    }
    if (rate.take()) return undefined
    return { status: 429, message: 'Too many requests in a minute.', headers: { 'retry-after': '10' } }
  }

  const refuseAndLetGo = (response: ServerResponse, refusal: Refusal): void => {
    refuse(response, refusal)
    connections.letGo(response.req.socket)
  }

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const asker = connections.begin(request.socket, response)
    if (asker === undefined) return
    const refusal = checkAccess(request.headers, options)
    if (refusal !== undefined) {
      refuseAndLetGo(response, refusal)
      return
    }
    connections.trust(request.socket)
    const route = routeOf(request)
    const problem = 'url' in route ? busy() : route
    if (problem !== undefined || !('url' in route)) {
      refuseAndLetGo(response, problem as Refusal)
      return
    }
    open += 1
    try {
      await forward(request, response, route.url, asker)
    } catch (thrown) {
      giveUp(response, thrown, asker.hasLeft)
    } finally {
      open -= 1
    }
  }

  const forward = async (
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    asker: Asker,
  ): Promise<void> => {
    const body = request.method === 'POST' ? await readBody(request, limits, clock) : undefined
    if (body !== undefined && isToolCall(body)) onEvent({ type: 'call' })
    const answer = await upstream.send({
      method: request.method as Method,
      url,
      headers: upstreamHeaders(request.headers, target.headers),
      body,
      asker,
      answerMs: limits.answerMs,
    })
    const names: { readonly forget: () => void }[] = []
    const rename = (address: string): string => {
      const name = addresses.add(address, server)
      names.push(name)
      return name.path
    }
    try {
      await passAnswer(answer, response, {
        clock,
        masker,
        wholeMasker,
        onStatus: (status) => {
          onEvent({ type: 'answered', status })
        },
        rename: isOld && request.method === 'GET' ? rename : undefined,
      })
    } finally {
      for (const { forget } of names) forget()
    }
  }

  const giveUp = (response: ServerResponse, thrown: unknown, hasLeft: boolean): void => {
    const isTheirs = thrown instanceof BrokenAnswerError || thrown instanceof SyntaxError
    if (hasLeft && !isTheirs) return
    if (thrown instanceof BodyError) {
      refuseAndLetGo(response, { status: thrown.status, message: thrown.message })
      return
    }
    const message =
      isTheirs || thrown instanceof UpstreamError ? thrown.message : 'The MCP server could not be asked.'
    onEvent({ type: 'failed', message })
    if (response.headersSent) response.destroy(toError(thrown))
    else refuseAndLetGo(response, { status: 502, message })
  }

  const http = createServer({ maxHeaderSize: limits.headerBytes }, (request, response) => {
    void handle(request, response)
  })
  // What a server that speaks MCP has no use for.
  http.on('connect', (_request, socket) => socket.destroy())
  http.on('upgrade', (_request, socket) => socket.destroy())

  return {
    serve(connection) {
      if (!connections.add(connection)) return
      // As Node's documentation has it: any duplex may be handed over so.
      http.emit('connection', connection as unknown as Socket)
    },
    close() {
      connections.close()
      upstream.close()
    },
  }
}

const toolCall = Buffer.from('"tools/call"')

/** One message, or several in a batch as revision 2025-03-26 had them, of which at least one calls a tool. */
function isToolCall(body: Buffer): boolean {
  if (!body.includes(toolCall)) return false
  try {
    const messages = [JSON.parse(body.toString('utf8')) as unknown].flat()
    return messages.some(
      (message) =>
        typeof message === 'object' &&
        message !== null &&
        'method' in message &&
        message.method === 'tools/call',
    )
  } catch {
    // The MCP server says what is wrong with it.
    return false
  }
}
