import { isDeepStrictEqual } from 'node:util'
import type { Context, Hono } from 'hono'
import type { WebSocket } from 'ws'
import type { z } from 'zod'
import type { RouteDefinition } from '../../contract/route.ts'
import { isUuid } from '../../contract/uuid.ts'
import type { Logger } from '../../lib/logger.ts'
import type { ResourceLocator } from '../services/resource-locator.ts'
import { storageFailureOf } from '../db/storage-failure.ts'
import type { AuditEntry, AuditLog, AuditOrigin } from '../services/audit.ts'
import type { WatchKey } from '../services/key-watch.ts'
import type { Actor } from '../services/sessions.ts'
import { ApiError, badRequest } from '../api-error.ts'
import { type AuthenticateDeps, authenticateRoute } from './authenticate-route.ts'
import { authorizeRoute } from './authorize-route.ts'
import { parseJsonBody, parseQuery, readBody } from './body.ts'
import type { Call, Handler, Handlers, RunSocket, StreamHandler } from './call.ts'
import { jsonAnswer } from './json-answer.ts'
import { rateKey, type RateLimiter, rateLimits } from './rate-limiter.ts'
import type { TakeOver } from './take-over.ts'
import { closeWithKey, endWithKey, type WatchOwnKey } from '../ws/end-with-key.ts'

/** What the listener hands over with each request. */
export interface RequestBindings {
  readonly remoteAddress: string
  readonly isUpgrade: boolean
  /** Set by the binder when an upgrade was granted; the listener then opens the socket. */
  runSocket?: RunSocket
  /** Set when a request for an app was granted: its connection is then the app's, and the answer is not used. */
  takeOver?: TakeOver
}
export interface AppEnv {
  Bindings: RequestBindings
  Variables: {
    requestId: string
    /** Headers of every answer of this request, also of a refusal. */
    commonHeaders: Record<string, string>
  }
}
export type AppContext = Context<AppEnv>
export type App = Hono<AppEnv>

export interface BindDeps extends AuthenticateDeps {
  readonly watchKey: WatchKey
  readonly locator: ResourceLocator
  readonly auditLog: AuditLog
  readonly rateLimiter: RateLimiter
  readonly logger: Logger
  /** Compare every answer with its schema: on in tests, where a wrong answer must fail. */
  readonly checkAnswers: boolean
}

const JSON_BODY_LIMIT = 4 * 1024 * 1024
/** Placeholders that hold a uuid in every route that has them. */
export const UUID_PARAMS = new Set([
  'chat',
  'devcontainer',
  'file',
  'inboxnotification',
  'mcpserver',
  'modelconfig',
  'provisionerjob',
  'template',
  'templateversion',
  'terminal',
  'workspace',
  'workspaceagent',
  'workspacebuild',
])

type AnyHandler = Handler<RouteDefinition> | StreamHandler<RouteDefinition>
interface Bound {
  readonly route: RouteDefinition
  readonly handler: AnyHandler
}

/** Routes of one table, with their handlers. */
export function bound<T extends Readonly<Record<string, RouteDefinition>>>(
  routes: T,
  handlers: Handlers<T>,
): readonly Bound[] {
  return Object.entries(routes).map(([name, route]) => ({
    route,
    // The mapped type above has proven that each handler fits its own route.
    handler: handlers[name] as unknown as AnyHandler,
  }))
}

/**
 * Puts every route on the app. A path with a plain and a followed variant is one entry that looks at the query.
 *
 * @returns what was bound.
 */
export function bindRoutes(app: App, deps: BindDeps, routes: readonly Bound[]): RouteDefinition[] {
  const byPath = new Map<string, Bound[]>()
  for (const entry of routes) {
    const key = `${entry.route.method} ${entry.route.path}`
    byPath.set(key, [...(byPath.get(key) ?? []), entry])
  }
  for (const variants of byPath.values()) {
    const [first] = variants
    if (!first) continue
    app.on(first.route.method, first.route.path.replaceAll(/\{(\w+)\}/g, ':$1'), (context) =>
      serveRoute(context, deps, chooseVariant(variants, new URL(context.req.url)) ?? first),
    )
  }
  return routes.map(({ route }) => route)
}

const isSocket = (route: RouteDefinition): boolean => route.stream !== undefined && route.stream !== 'sse'

/** Following is asked for by the presence of the key, whatever its value. */
function chooseVariant(variants: readonly Bound[], url: URL): Bound | undefined {
  if (variants.length === 1) return variants[0]
  const follow = url.searchParams.has('follow')
  return variants.find(({ route }) => isSocket(route) === follow)
}

async function serveRoute(context: AppContext, deps: BindDeps, { route, handler }: Bound): Promise<Response> {
  const url = new URL(context.req.url)
  const { actor, agent } = authenticateRoute(deps, route, context.req.raw)
  const named = rawParams(context, route)
  checkRate(context, deps, { route, params: named, actor })
  if (actor) authorizeRoute(deps.locator, { route, params: named, actor })
  const entries: AuditEntry[] = []
  let status = 500
  try {
    const response = await runHandler(
      context,
      deps,
      { route, handler },
      {
        params: readParams(context, route),
        // Typed for the handler's own route by `Handlers`; here every route is alike.
        query: (route.query && parseQuery(route.query, url.searchParams)) as never,
        body: (route.body &&
          parseJsonBody(
            route.body,
            await readBody(context.req.raw, route.maxBodyBytes ?? JSON_BODY_LIMIT),
          )) as never,
        actor: actor as never,
        agent: agent as never,
        request: context.req.raw,
        requestId: context.var.requestId,
        remoteAddress: context.env.remoteAddress,
        audit: (entry) => entries.push(entry),
      },
    )
    status = response.status
    return response
  } catch (error) {
    if (error instanceof ApiError) status = error.status
    throw error
  } finally {
    recordAudit(deps, entries, {
      requestId: context.var.requestId,
      userId: actor?.user.id,
      remoteAddress: context.env.remoteAddress,
      userAgent: context.req.header('user-agent') ?? '',
      statusCode: status,
    })
  }
}

/** A full disk must not turn a change that was made into an answer that says it was not. */
function recordAudit(deps: BindDeps, entries: readonly AuditEntry[], origin: AuditOrigin): void {
  for (const entry of entries) {
    try {
      deps.auditLog.record(entry, origin)
    } catch (error) {
      if (storageFailureOf(error) === undefined) throw error
      deps.logger.error('A change could not be written to the audit log', {
        requestId: origin.requestId,
        resourceType: entry.resourceType,
        resourceId: entry.resourceId,
        action: entry.action,
        error: String(error),
      })
    }
  }
}

interface RateSubject {
  readonly route: RouteDefinition
  readonly params: Readonly<Record<string, string>>
  readonly actor: Actor | undefined
}

function checkRate(context: AppContext, deps: BindDeps, { route, params, actor }: RateSubject): void {
  if (context.req.header('x-coder-bypass-ratelimit') === 'true') {
    if (actor?.isOwner === true && actor.access.isUnrestricted) return
    throw new ApiError(428, {
      message: '"X-Coder-Bypass-Ratelimit" provided but user is not "owner"',
    })
  }
  const rateClass = route.rate ?? 'api'
  const limit = rateLimits[rateClass]
  const who = rateClass === 'login' || !actor ? context.env.remoteAddress : actor.user.id
  const verdict = deps.rateLimiter.hit(`${rateClass} ${who} ${rateKey(route, params)}`, limit)
  Object.assign(context.var.commonHeaders, verdict.headers)
  if (verdict.allowed) return
  throw new ApiError(429, {
    message: `You've been rate limited for sending more than ${limit} requests in 1m0s.`,
  })
}

function rawParams(context: AppContext, route: RouteDefinition): Record<string, string> {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  return Object.fromEntries(names.map((name) => [name, context.req.param(name) ?? '']))
}

function readParams(context: AppContext, route: RouteDefinition): Record<string, string> {
  const params: Record<string, string> = {}
  for (const [name, value] of Object.entries(rawParams(context, route))) {
    if (UUID_PARAMS.has(name) && !isUuid(value)) throw badRequest(`Invalid UUID ${JSON.stringify(value)}.`)
    params[name] = UUID_PARAMS.has(name) ? value.toLowerCase() : value
  }
  return params
}

async function runHandler(
  context: AppContext,
  deps: BindDeps,
  { route, handler }: Bound,
  call: Call,
): Promise<Response> {
  const watchKey = watchOwnKey(deps, call.actor)
  if (!isSocket(route)) {
    const answer = await (handler as Handler<RouteDefinition>)(call)
    if (route.stream === 'sse' && answer instanceof Response) return endWithKey(answer, watchKey)
    if (answer instanceof Response) return answer
    if (!route.answer) return new Response(null, { status: route.status })
    return jsonAnswer(route.status, deps.checkAnswers ? checkedAnswer(route, route.answer, answer) : answer)
  }
  const runSocket = await (handler as StreamHandler<RouteDefinition>)(call)
  if (!context.env.isUpgrade) return upgradeRequired()
  context.env.runSocket = (socket: WebSocket) => {
    runSocket(socket)
    closeWithKey(socket, watchKey)
  }
  return new Response(null)
}

/** The link of an agent, say, belongs to no key of a user. */
function watchOwnKey({ watchKey }: BindDeps, actor: Actor | undefined): WatchOwnKey | undefined {
  return actor && ((onEnd) => watchKey({ keyId: actor.keyId, userId: actor.user.id }, onEnd))
}

// The library behind Coder's sockets writes its own line first, then Coder adds the JSON.
function upgradeRequired(): Response {
  const line = 'WebSocket protocol violation: Connection header "" does not contain Upgrade\n'
  return new Response(`${line}${JSON.stringify({ message: 'Failed to accept WebSocket.' })}\n`, {
    status: 426,
    headers: { 'content-type': 'text/plain; charset=utf-8', upgrade: 'websocket', connection: 'Upgrade' },
  })
}

/**
 * A server bug, not a client's fault: the error is for whoever runs the tests. Schemas are lenient for older servers;
 * ours must send every field in its exact form, so what parsing adds or drops counts as wrong too.
 */
function checkedAnswer(route: RouteDefinition, schema: z.ZodType, answer: unknown): unknown {
  const sent: unknown = JSON.parse(JSON.stringify(answer))
  const parsed = schema.safeParse(sent)
  const problem = parsed.success
    ? isDeepStrictEqual(sent, JSON.parse(JSON.stringify(parsed.data)))
      ? undefined
      : 'fields are missing, unknown or null'
    : parsed.error.message
  if (problem === undefined) return answer
  throw new Error(`The answer of ${route.method} ${route.path} breaks its schema: ${problem}`)
}
