import type { HttpMethod, RouteAnswer, RouteDefinition, RouteInput } from '../contract/route.ts'
import { responseSchema } from '../contract/response.ts'
import { filesRoutes } from '../contract/template-versions.ts'
import type { UploadContentType, UploadResponse } from '../contract/template-versions.ts'
import { backoffDelay } from '../lib/backoff.ts'
import { systemClock } from '../lib/clock.ts'
import type { Clock } from '../lib/clock.ts'
import { silentLogger } from '../lib/logger.ts'
import type { Logger } from '../lib/logger.ts'
import { createCallLimit, pause } from './call-limits.ts'
import { connectionErrorFrom, redirectError } from './connection-failure.ts'
import { CoderApiError, ConnectionError, UnexpectedAnswerError } from './errors.ts'
import { contentType, parseJson, readBody } from './read-body.ts'
import { routeBody, routeUrl, socketUrl } from './route-request.ts'

export type Fetch = typeof globalThis.fetch

export interface CoderClientOptions {
  /** The deployment's origin, e.g. `https://coder.example.com`. */
  readonly baseUrl: string
  /** Sent as `Coder-Session-Token`, and only to `baseUrl`'s origin. */
  readonly token?: string | undefined
  readonly fetch?: Fetch
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
  /** What a WebSocket of the route needs. */
  socket<R extends RouteDefinition>(route: R, input: RouteInput<R>): SocketTarget
  /** Opens a route as an HTTP stream. The caller reads and cancels the body. */
  stream<R extends RouteDefinition>(route: R, input: RouteInput<R>, signal: AbortSignal): Promise<Response>
}

const defaultTimeoutMs = 15_000
const defaultMaxAnswerBytes = 64 * 1024 * 1024
const maxRedirects = 3
/** A longer `Retry-After` is the caller's to wait for, with the user told. */
const maxRetryAfterMs = 10_000
const retryStatuses = new Set([502, 503, 504])
const retryBackoff = { baseMs: 300, capMs: 3000, floorMs: 50 }

interface PlainRequest {
  readonly method: HttpMethod
  readonly url: URL
  readonly headers: Record<string, string>
  readonly body?: string | Uint8Array<ArrayBuffer> | undefined
}

/** A typed client of one deployment's HTTP API. Holds no connection and no cookies. */
export function createCoderClient(options: CoderClientOptions): CoderClient {
  const { clock = systemClock, random = Math.random, logger = silentLogger, retries = 3 } = options
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
  const maxBytes = options.maxAnswerBytes ?? defaultMaxAnswerBytes
  const base = new URL(options.baseUrl)
  const host = base.host

  function headersOf(route: RouteDefinition): Record<string, string> {
    const headers: Record<string, string> = { 'User-Agent': options.userAgent ?? 'outpost' }
    if (route.auth !== 'none' && options.token !== undefined) headers['Coder-Session-Token'] = options.token
    return headers
  }

  /** One HTTP exchange. Redirects are followed by hand: within the origin, for GET, with the token staying there. */
  async function exchange(request: PlainRequest, signal: AbortSignal): Promise<Response> {
    const send = options.fetch ?? globalThis.fetch
    let url = request.url
    for (let hop = 0; ; hop += 1) {
      const response = await send(url, {
        method: request.method,
        headers: request.headers,
        redirect: 'manual',
        credentials: 'omit',
        signal,
        ...(request.body === undefined ? {} : { body: request.body }),
      })
      if (response.status < 300 || response.status > 399 || response.status === 304) return response
      await response.body?.cancel()
      const target = parseLocation(response.headers.get('location'), url)
      const follow = request.method === 'GET' && target?.origin === url.origin && hop < maxRedirects
      if (!follow) throw redirectError(host, target)
      url = target
    }
  }

  async function attempt<R extends RouteDefinition>(
    route: R,
    request: PlainRequest,
    outer: AbortSignal | undefined,
  ): Promise<RouteAnswer<R>> {
    const limit = createCallLimit(clock, timeoutMs, host, outer)
    try {
      const response = await exchange(request, limit.signal)
      limit.progress()
      const text = await readBody(response, { maxBytes, host, onChunk: limit.progress })
      if (!response.ok) throw apiError(response, text)
      return parseAnswer(route, response, text)
    } catch (thrown) {
      if (limit.reason() !== undefined) throw limit.reason()
      if (isOurs(thrown)) throw thrown
      throw connectionErrorFrom(thrown, host)
    } finally {
      limit.dispose()
    }
  }

  function apiError(response: Response, text: string): CoderApiError {
    const parsed =
      contentType(response) === 'application/json' ? responseSchema.safeParse(tryJson(text)) : undefined
    return new CoderApiError({
      status: response.status,
      response: parsed?.success === true ? parsed.data : { message: statusSentence(host, response.status) },
      requestId: response.headers.get('x-coder-request-id') ?? undefined,
      retryAfterMs: retryAfter(response.headers.get('retry-after'), clock.now()),
    })
  }

  function parseAnswer<R extends RouteDefinition>(
    route: R,
    response: Response,
    text: string,
  ): RouteAnswer<R> {
    const type = contentType(response)
    if (type === 'text/html') throw webPageError(host)
    if (route.answer === undefined) return undefined as RouteAnswer<R>
    if (type !== 'application/json') {
      throw new UnexpectedAnswerError(routeLabel(route), host, [type === '' ? 'no content' : type])
    }
    const result = route.answer.safeParse(parseJson(text, host))
    if (result.success) return result.data as RouteAnswer<R>
    const paths = result.error.issues
      .slice(0, 10)
      .map((issue) => issue.path.map(String).join('.') || 'the whole')
    throw new UnexpectedAnswerError(routeLabel(route), host, paths)
  }

  function retryDelay(thrown: unknown, failures: number): number | undefined {
    if (thrown instanceof CoderApiError) {
      if (thrown.status === 429) {
        const wait = thrown.retryAfterMs
        return wait === undefined || wait > maxRetryAfterMs ? undefined : wait
      }
      return retryStatuses.has(thrown.status) ? backoffDelay(retryBackoff, failures, random) : undefined
    }
    if (thrown instanceof ConnectionError && (thrown.code === 'network' || thrown.code === 'refused')) {
      return backoffDelay(retryBackoff, failures, random)
    }
    return undefined
  }

  async function run<R extends RouteDefinition>(
    route: R,
    request: PlainRequest,
    signal: AbortSignal | undefined,
  ): Promise<RouteAnswer<R>> {
    const label = routeLabel(route)
    for (let failures = 0; ; failures += 1) {
      const startedAt = clock.now()
      try {
        const answer = await attempt(route, request, signal)
        logger.debug('Called the deployment', { route: label, host, ms: clock.now() - startedAt })
        return answer
      } catch (thrown) {
        const delay =
          request.method === 'GET' && failures < retries ? retryDelay(thrown, failures) : undefined
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

  return {
    baseUrl: options.baseUrl,
    host,
    async call(route, input, callOptions) {
      const body = routeBody(route, input)
      const headers = { ...headersOf(route), Accept: 'application/json' }
      if (body !== undefined) Object.assign(headers, { 'Content-Type': 'application/json' })
      const url = routeUrl(options.baseUrl, route, input)
      return run(route, { method: route.method, url, headers, body }, callOptions?.signal)
    },
    async upload(archive, type, callOptions) {
      const route = filesRoutes.upload
      const headers = { ...headersOf(route), Accept: 'application/json', 'Content-Type': type }
      const url = routeUrl(options.baseUrl, route, {})
      // A copy: the body must not change while it is being sent, and `fetch` refuses shared memory.
      return run(route, { method: 'POST', url, headers, body: Uint8Array.from(archive) }, callOptions?.signal)
    },
    socket: (route, input) => ({
      url: socketUrl(options.baseUrl, route, input).href,
      headers: headersOf(route),
    }),
    async stream(route, input, signal) {
      const headers = { ...headersOf(route), Accept: 'text/event-stream' }
      const url = routeUrl(options.baseUrl, route, input)
      try {
        const response = await exchange({ method: route.method, url, headers }, signal)
        if (response.ok) {
          if (contentType(response) === 'text/html') {
            await response.body?.cancel()
            throw webPageError(host)
          }
          return response
        }
        throw apiError(response, await readBody(response, { maxBytes: 1024 * 1024, host }))
      } catch (thrown) {
        if (isOurs(thrown)) throw thrown
        if (signal.aborted)
          throw new ConnectionError({ code: 'aborted', host, message: 'The stream was closed.' })
        throw connectionErrorFrom(thrown, host)
      }
    },
  }
}

function isOurs(thrown: unknown): boolean {
  return (
    thrown instanceof CoderApiError ||
    thrown instanceof ConnectionError ||
    thrown instanceof UnexpectedAnswerError
  )
}

function routeLabel(route: RouteDefinition): string {
  return `${route.method} ${route.path}`
}

function webPageError(host: string): ConnectionError {
  return new ConnectionError({
    code: 'not_coder',
    host,
    message: `${host} answers with a web page, not with Coder's API. Check the address, or sign in to the proxy in front of it.`,
  })
}

function statusSentence(host: string, status: number): string {
  return status >= 500
    ? `${host} has a problem of its own (status ${String(status)}). Try again later.`
    : `${host} refused the request (status ${String(status)}).`
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    // The status alone has to do; the caller falls back to a sentence about it.
    return undefined
  }
}

function parseLocation(location: string | null, from: URL): URL | undefined {
  return location === null || !URL.canParse(location, from.href) ? undefined : new URL(location, from)
}

/** `Retry-After` in both of its forms, seconds and a date. */
function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
