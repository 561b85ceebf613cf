import type { RouteAnswer, RouteDefinition, RouteInput } from '../contract/route.ts'
import { filesRoutes } from '../contract/files.ts'
import type { UploadContentType, UploadResponse } from '../contract/files.ts'
import { systemClock } from '../lib/clock.ts'
import type { Clock } from '../lib/clock.ts'
import { silentLogger } from '../lib/logger.ts'
import type { Logger } from '../lib/logger.ts'
import type { SocketNetwork } from '../lib/socket-network.ts'
import { createCallLimit, pause } from './call-limits.ts'
import { connectionError, connectionErrorFrom } from './connection-failure.ts'
import { CoderApiError, isClientError } from './errors.ts'
import { exchange } from './http-exchange.ts'
import type { Fetch, PlainRequest } from './http-exchange.ts'
import type { Network } from './network/network.ts'
import { readAnswer, readApiError, routeLabel, webPageError } from './read-answer.ts'
import { contentType, readBody, readBytes } from './read-body.ts'
import { retryDelay } from './retry-delay.ts'
import { routeBody, routeUrl, socketUrl } from './route-request.ts'

export interface CoderClientOptions {
  /** The deployment's origin, e.g. `https://coder.example.com`. */
  readonly baseUrl: string
  /** Sent as `Coder-Session-Token`, and only to `baseUrl`'s origin. Asked for each time where it is renewed. */
  readonly token?: string | (() => string | undefined) | undefined
  readonly fetch?: Fetch
  /** How the deployment is reached, where that is set; the plain way without. */
  readonly network?: Network | undefined
  readonly logger?: Logger
  readonly userAgent?: string
  readonly clock?: Clock
  readonly random?: () => number
  /** Silence that ends a call: before the answer, and between its parts. */
  readonly timeoutMs?: number
  /** Further attempts of a GET after a failure that may pass. */
  readonly retries?: number
  readonly maxAnswerBytes?: number
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

/** Where and how to open a socket of the deployment. */
export interface SocketTarget {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly network?: SocketNetwork | undefined
}

export interface CoderClient {
  /** Origin and host of the deployment, for messages. */
  readonly baseUrl: string
  readonly host: string
  /**
   * Calls a route and parses its answer.
   *
   * @throws {CoderApiError} the server said no.
   * @throws {ConnectionError} no answer of Coder's API was had.
   * @throws {UnexpectedAnswerError} the answer has an unknown shape.
   */
  call<R extends RouteDefinition>(
    route: R,
    input: RouteInput<R>,
    options?: CallOptions,
  ): Promise<RouteAnswer<R>>
  /** Uploads a template archive. */
  upload(archive: Uint8Array, type: UploadContentType, options?: CallOptions): Promise<UploadResponse>
  /** Calls a route whose body is bytes, with the headers that describe them. */
  sendBytes<R extends RouteDefinition>(
    route: R,
    input: RouteInput<R>,
    body: { readonly bytes: Uint8Array; readonly headers: Readonly<Record<string, string>> },
    options?: CallOptions,
  ): Promise<RouteAnswer<R>>
  /** Calls a route that answers with bytes, of which it may send `maxBytes`. */
  readBytes<R extends RouteDefinition>(
    route: R,
    input: RouteInput<R>,
    maxBytes: number,
    signal: AbortSignal,
  ): Promise<{ readonly bytes: Uint8Array; readonly contentType: string }>
  /** What a WebSocket of the route needs. */
  socket<R extends RouteDefinition>(route: R, input: RouteInput<R>): SocketTarget
  /** Opens a route as an HTTP stream. The caller reads and cancels the body. */
  stream<R extends RouteDefinition>(
    route: R,
    input: RouteInput<R>,
    signal: AbortSignal,
    accept?: string,
  ): Promise<Response>
}

const defaultTimeoutMs = 15_000
const defaultMaxAnswerBytes = 64 * 1024 * 1024
/** Nothing is heard while an archive of up to 100 MiB is on its way. */
const uploadTimeoutMs = 300_000
const maxStreamErrorBytes = 1024 * 1024

/** A typed client of one deployment's HTTP API. Holds no connection and no cookies. */
export function createCoderClient(options: CoderClientOptions): CoderClient {
  const { clock = systemClock, random = Math.random, logger = silentLogger, retries = 3 } = options
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
  const maxBytes = options.maxAnswerBytes ?? defaultMaxAnswerBytes
  const base = new URL(options.baseUrl)
  const host = base.host

  function headersOf(route: RouteDefinition): Record<string, string> {
    const headers = { 'User-Agent': options.userAgent ?? 'outpost' }
    const token = typeof options.token === 'function' ? options.token() : options.token
    if (route.auth === 'none' || token === undefined) return headers
    if (!/^[\x21-\x7e]+$/.test(token)) throw unusableToken()
    return { ...headers, 'Coder-Session-Token': token }
  }

  const send = (request: PlainRequest, signal: AbortSignal) =>
    exchange(options.fetch ?? options.network?.fetch ?? globalThis.fetch, request, signal)

  async function attempt(
    route: RouteDefinition,
    request: PlainRequest,
    outer: AbortSignal | undefined,
  ): Promise<unknown> {
    const silence = request.body instanceof Uint8Array ? Math.max(timeoutMs, uploadTimeoutMs) : timeoutMs
    const limit = createCallLimit(clock, silence, host, outer)
    try {
      const response = await send(request, limit.signal)
      limit.progress()
      const text = await readBody(response, { maxBytes, host, onChunk: limit.progress })
      if (!response.ok) throw readApiError(response, text, host, clock.now())
      return readAnswer(route, response, text, host)
    } catch (thrown) {
      // An abort surfaces as whatever the library makes of it; the limit knows why.
      throw limit.reason() ?? (isClientError(thrown) ? thrown : connectionErrorFrom(thrown, host))
    } finally {
      limit.dispose()
    }
  }

  async function run(
    route: RouteDefinition,
    request: PlainRequest,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const label = routeLabel(route)
    for (let failures = 0; ; failures += 1) {
      const startedAt = clock.now()
      try {
        const answer = await attempt(route, request, signal)
        logger.debug('Called the deployment', { route: label, host, ms: clock.now() - startedAt })
        return answer
      } catch (thrown) {
        const delay =
          request.method === 'GET' && failures < retries ? retryDelay(thrown, failures, random) : undefined
        logger.debug('A call to the deployment failed', {
          route: label,
          host,
          failures,
          delay,
          error: thrown,
        })
        if (delay === undefined) throw thrown
        await pause(clock, delay, host, signal)
      }
    }
  }

  const openFailure = (thrown: unknown, signal: AbortSignal): Error => {
    if (isClientError(thrown)) return thrown
    return signal.aborted ? connectionError('aborted', host, thrown) : connectionErrorFrom(thrown, host)
  }

  /** The answer of a route whose body the caller reads. */
  async function open(
    route: RouteDefinition,
    input: unknown,
    accept: string,
    signal: AbortSignal,
  ): Promise<Response> {
    const headers = { ...headersOf(route), Accept: accept }
    const url = routeUrl(options.baseUrl, route, input)
    try {
      const response = await send({ method: route.method, url, headers }, signal)
      if (!response.ok) {
        const text = await readBody(response, { maxBytes: maxStreamErrorBytes, host })
        throw readApiError(response, text, host, clock.now())
      }
      if (contentType(response) !== 'text/html') return response
      await response.body?.cancel()
      throw webPageError(host)
    } catch (thrown) {
      throw openFailure(thrown, signal)
    }
  }

  async function sendBytes<R extends RouteDefinition>(
    route: R,
    input: RouteInput<R>,
    body: { readonly bytes: Uint8Array; readonly headers: Readonly<Record<string, string>> },
    callOptions?: CallOptions,
  ): Promise<RouteAnswer<R>> {
    const headers = { ...headersOf(route), Accept: 'application/json', ...body.headers }
    const url = routeUrl(options.baseUrl, route, input)
    // A copy: the body must not change while it is being sent, and `fetch` refuses shared memory.
    const request = { method: route.method, url, headers, body: Uint8Array.from(body.bytes) }
    return (await run(route, request, callOptions?.signal)) as RouteAnswer<R>
  }

  return {
    baseUrl: options.baseUrl,
    host,
    async call<R extends RouteDefinition>(route: R, input: RouteInput<R>, callOptions?: CallOptions) {
      const body = routeBody(route, input)
      const headers = { ...headersOf(route), Accept: 'application/json' }
      if (body !== undefined) Object.assign(headers, { 'Content-Type': 'application/json' })
      const url = routeUrl(options.baseUrl, route, input)
      const request = { method: route.method, url, headers, body }
      return (await run(route, request, callOptions?.signal)) as RouteAnswer<R>
    },
    upload: (archive, type, callOptions) =>
      sendBytes(filesRoutes.upload, {}, { bytes: archive, headers: { 'Content-Type': type } }, callOptions),
    sendBytes,
    async readBytes(route, input, maxAnswerBytes, signal) {
      const response = await open(route, input, '*/*', signal)
      try {
        const bytes = await readBytes(response, { maxBytes: maxAnswerBytes, host })
        return { bytes, contentType: contentType(response) }
      } catch (thrown) {
        throw openFailure(thrown, signal)
      }
    },
    socket: (route, input) => ({
      url: socketUrl(options.baseUrl, route, input).href,
      headers: headersOf(route),
      ...(options.network === undefined ? {} : { network: options.network }),
    }),
    stream: (route, input, signal, accept = 'text/event-stream') => open(route, input, accept, signal),
  }
}

/** What no header can carry: the same as a token that the server refuses. */
function unusableToken(): CoderApiError {
  const message = 'The session token contains characters that no token has. Copy it again.'
  return new CoderApiError({ status: 401, response: { message } })
}
