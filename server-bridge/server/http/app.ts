import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import type { Logger } from '../../lib/logger.ts'
import { ApiError } from '../api-error.ts'
import { storageFailureMessages, storageFailureOf } from '../db/storage-failure.ts'
import type { AppHost } from '../apps/app-hosts.ts'
import type { App, AppContext, AppEnv } from './bind-routes.ts'
import { readSessionCookie } from './credential.ts'
import { isAppPageRequest, passesCsrfCheck } from './csrf.ts'
import { HtmlError, htmlErrorPage } from './html-error.ts'
import { messageAnswer } from './json-answer.ts'
import { landingPage } from './landing-page.ts'
import { foreignRequestReason, type OwnAddress, requestedAppHost } from './origin-check.ts'
import { requestPath } from './request-path.ts'

export interface AppDeps {
  readonly version: string
  /** What this server may be called by, once it listens. */
  readonly address: () => OwnAddress
  /** Answers whatever is asked of an app host; no route of the server's own is reached by such a name. */
  readonly serveAppHost: (context: AppContext, host: AppHost) => Promise<Response>
  /** What happened to the data at this start. */
  readonly notices: readonly string[]
  readonly logger: Logger
}

/** The parts every request passes, API or not, plain or upgrade. Routes are bound to it afterwards. */
export function createApp({ version, address, serveAppHost, notices, logger }: AppDeps): App {
  const app = new Hono<AppEnv>({
    getPath: (request) => requestPath(request.url),
  })

  app.use(async (context, next) => {
    const requestId = randomUUID()
    context.set('requestId', requestId)
    context.set('commonHeaders', {
      'x-coder-build-version': version,
      'x-coder-request-id': requestId,
      'x-content-type-options': 'nosniff',
    })
    const startedAt = performance.now()
    await next()
    for (const [name, value] of Object.entries(context.var.commonHeaders))
      context.res.headers.set(name, value)
    logger.debug('Request', {
      requestId,
      method: context.req.method,
      path: context.req.path,
      status: context.res.status,
      durationMs: Math.round(performance.now() - startedAt),
    })
  })
  app.use(async (context, next) => {
    const { headers } = context.req.raw
    const appHost = requestedAppHost(headers.get('host'), address())
    if (appHost) return serveAppHost(context, appHost)
    const foreign = foreignRequestReason(headers.get('host'), headers.get('origin'), address())
    if (foreign !== undefined) return messageAnswer(403, { message: foreign })
    if (isAppPageRequest(context.req.raw, readSessionCookie(headers))) {
      return messageAnswer(403, {
        message:
          'Pages of this server are apps of workspaces. They may not use its API by your session cookie.',
      })
    }
    if (!passesCsrfCheck(context.req.raw, readSessionCookie(headers))) {
      return new Response(
        'Something is wrong with your CSRF token. Sign in again, or send the session token as a header.\n',
        {
          status: 400,
          headers: { 'content-type': 'text/plain; charset=utf-8' },
        },
      )
    }
    return next()
  })

  const landing = () => landingPage({ url: address().accessUrl, version, notices })
  app.get('/', landing)
  // Where somebody who is not signed in is sent from an app.
  app.get('/login', landing)
  app.notFound(() => messageAnswer(404, { message: 'Route not found.' }))
  app.onError((error, context) => {
    if (error instanceof ApiError) return refusal(error)
    if (error instanceof HtmlError) return htmlErrorPage(error)
    const { requestId } = context.var
    logger.error('A request failed unexpectedly', {
      requestId,
      method: context.req.method,
      path: context.req.path,
      error: error.stack ?? error.message,
    })
    const storage = storageFailureOf(error)
    if (storage !== undefined) {
      return messageAnswer(storage === 'full' ? 507 : 500, { message: storageFailureMessages[storage] })
    }
    return messageAnswer(500, {
      message: 'An internal server error occurred.',
      detail: `The log of the local deployment has the reason under request ${requestId}.`,
    })
  })
  return app
}

function refusal(error: ApiError): Response {
  const headers: Record<string, string> = {}
  if (error.status === 401) headers['www-authenticate'] = 'Bearer realm="coder", error="invalid_token"'
  if (error.status === 403) headers['www-authenticate'] = 'Bearer realm="coder", error="insufficient_scope"'
  return messageAnswer(error.status, error.body, headers)
}
