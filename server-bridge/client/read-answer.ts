import { chatUsageLimitExceededSchema } from '../contract/chats-cost.ts'
import { responseSchema } from '../contract/response.ts'
import type { RouteDefinition } from '../contract/route.ts'
import { holdsTooMuch } from './answer-size.ts'
import { CoderApiError, ConnectionError, UnexpectedAnswerError } from './errors.ts'
import { contentType, parseJson } from './read-body.ts'

/** A route in messages and logs: its pattern, which holds no names of people's things. */
export function routeLabel(route: RouteDefinition): string {
  return `${route.method} ${route.path}`
}

/**
 * The answer of success, parsed.
 *
 * @throws {ConnectionError} `not_coder` for a web page: Coder's dashboard answers unknown paths with 200 and HTML, as
 * sign-in pages of proxies do.
 * @throws {UnexpectedAnswerError} for JSON of another shape.
 */
export function readAnswer(route: RouteDefinition, response: Response, text: string, host: string): unknown {
  const type = contentType(response)
  if (type === 'text/html') throw webPageError(host)
  if (route.answer === undefined) return undefined
  if (type !== 'application/json') {
    throw new UnexpectedAnswerError(routeLabel(route), host, [type === '' ? 'no content' : type])
  }
  const result = route.answer.safeParse(parseJson(text, host))
  if (result.success) return result.data
  const paths = result.error.issues
    .slice(0, 10)
    .map((issue) => (issue.path.length === 0 ? 'the whole' : issue.path.map(String).join('.')))
  throw new UnexpectedAnswerError(routeLabel(route), host, paths)
}

/** The error of an answer that is no success. Proxies answer in HTML; then the status has to do. */
export function readApiError(response: Response, text: string, host: string, now: number): CoderApiError {
  const json = contentType(response) === 'application/json' ? tryJson(text) : undefined
  const parsed = responseSchema.safeParse(json)
  const usage = response.status === 409 ? chatUsageLimitExceededSchema.safeParse(json).data : undefined
  return new CoderApiError({
    status: response.status,
    response: parsed.success ? parsed.data : { message: statusSentence(host, response.status) },
    requestId: response.headers.get('x-coder-request-id') ?? undefined,
    retryAfterMs: retryAfter(response.headers.get('retry-after'), now),
    usage: usage && {
      spentMicros: usage.spent_micros,
      limitMicros: usage.limit_micros,
      resetsAt: usage.resets_at,
    },
  })
}

export function webPageError(host: string): ConnectionError {
  return new ConnectionError({
    code: 'not_coder',
    host,
    message: `${host} answers with a web page, not with Coder's API. Check the address, or sign in to the proxy in front of it.`,
  })
}

function statusSentence(host: string, status: number): string {
  return status >= 500
    ? `${host} has a problem of its own (status ${status}). Try again later.`
    : `${host} refused the request (status ${status}).`
}

function tryJson(text: string): unknown {
  if (holdsTooMuch(text)) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch {
    // The status alone has to do; the caller falls back to a sentence about it.
    return undefined
  }
}

/** `Retry-After` in both of its forms, seconds and a date. */
function retryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
