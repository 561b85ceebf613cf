import { z } from 'zod'
import { fillPath } from '../contract/route.ts'
import type { RouteDefinition } from '../contract/route.ts'
import { CoderApiError } from './errors.ts'

/** The parts of a route's input, which its type spells out and run time only needs loosely. */
interface LooseInput {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
}

/** The full URL of a call. The base is an origin; a path in it is kept as a prefix. */
export function routeUrl(baseUrl: string, route: RouteDefinition, input: unknown): URL {
  const { params = {}, query = {} } = input as LooseInput
  const url = new URL(baseUrl)
  url.pathname = url.pathname.replace(/\/+$/, '') + fillPath(route.path, params)
  url.hash = ''
  url.search = ''
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw new TypeError(`The query key "${name}" of ${route.path} needs a plain value.`)
    }
    url.searchParams.set(name, String(value))
  }
  return url
}

/** The same address for a socket. */
export function socketUrl(baseUrl: string, route: RouteDefinition, input: unknown): URL {
  const url = routeUrl(baseUrl, route, input)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url
}

/**
 * The request body as text, checked before it is sent.
 *
 * @throws {CoderApiError} in the shape of the server's own refusal, so that a form shows both the same way.
 */
export function routeBody(route: RouteDefinition, input: unknown): string | undefined {
  if (route.body === undefined) return undefined
  const { body } = input as LooseInput
  const schema = route.body instanceof z.ZodObject ? route.body.strict() : route.body
  const result = schema.safeParse(body)
  if (result.success) return JSON.stringify(result.data)
  throw new CoderApiError({
    status: 400,
    response: {
      message: 'Validation failed.',
      validations: result.error.issues.map((issue) => ({
        field: issue.path.map(String).join('.'),
        detail: issue.message,
      })),
    },
  })
}
