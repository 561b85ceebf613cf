/**
 * The shape of one Coder HTTP route. Client and local deployment are both driven by these tables, so a path, a
 * status or a body can only be written down once.
 */
import type { z } from 'zod'
import type { RoutePermission } from './rbac.ts'

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Who may call: a signed-in user, a workspace agent by its token, or anybody. */
export type RouteAuth = 'user' | 'agent' | 'none'

/** The limits of Coder's rate limiter a route falls under (stable-api, "Rate limits"). */
export type RateClass = 'api' | 'login' | 'files' | 'chat-files'

export interface RouteDefinition {
  readonly method: HttpMethod
  /** Full path with `{param}` placeholders, e.g. `/api/v2/workspaces/{workspace}`. */
  readonly path: string
  readonly auth: RouteAuth
  readonly rate?: RateClass
  /**
   * What the key of the caller must allow, where the path does not already say it (the local deployment derives the
   * rest). `signed-in`: nothing beyond being a key for the API.
   */
  readonly permission?: RoutePermission | 'signed-in'
  /** Query keys as strings on the wire. Absent: the route reads no query. */
  readonly query?: z.ZodType
  /** Request body. Absent: none is read. */
  readonly body?: z.ZodType
  /** Largest body in bytes where that is not Coder's 4 MiB. */
  readonly maxBodyBytes?: number
  /** Status of success. */
  readonly status: number
  /** Answer of success. Absent: no body (204) or a body that is not JSON. */
  readonly answer?: z.ZodType
  /** Statuses of documented failures, for the client's error mapping and for conformance. */
  readonly errors: readonly number[]
  /** A stream by WebSocket or SSE on this path instead of one JSON answer. */
  readonly stream?: 'event' | 'sse' | 'object' | 'array' | 'duplex' | 'bytes' | 'binary'
}

/** Keeps the literal types of one route. */
export function defineRoute<const T extends RouteDefinition>(route: T): T {
  return route
}

type ParamNames<P extends string> = P extends `${string}{${infer Name}}${infer Rest}`
  ? Name | ParamNames<Rest>
  : never

/** `{ workspace: string }` for `/workspaces/{workspace}`. */
export type RouteParams<R extends RouteDefinition> = Readonly<Record<ParamNames<R['path']>, string>>

/** What a caller of the route must hand over: path parameters, query and body where the route has them. */
export type RouteInput<R extends RouteDefinition> = (ParamNames<R['path']> extends never
  ? unknown
  : { readonly params: RouteParams<R> }) &
  (R extends { readonly query: infer Q extends z.ZodType } ? { readonly query?: z.input<Q> } : unknown) &
  (R extends { readonly body: infer B extends z.ZodType } ? { readonly body: z.input<B> } : unknown)

/** The parsed answer of the route, `undefined` where it has no JSON body. */
export type RouteAnswer<R extends RouteDefinition> = R extends { readonly answer: infer A extends z.ZodType }
  ? z.output<A>
  : undefined

/**
 * Fills a route's path. Parameters are percent-encoded, so a name from a hostile server cannot leave its segment.
 *
 * @throws {TypeError} when a parameter is missing, or is `.` or `..`, which URL parsers fold away.
 */
export function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name]
    if (value === undefined || value === '' || value === '.' || value === '..') {
      throw new TypeError(`The path ${path} needs a usable value for "${name}".`)
    }
    return encodeURIComponent(value)
  })
}
