import { appHostRoutes } from '../../contract/app-hosts.ts'
import { sessionCookieName } from './credential.ts'
import { requestPath } from './request-path.ts'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/**
 * Whether a request that a browser signed with the session cookie proves that it was meant. Without the cookie there
 * is nothing to forge (stable-api, "CSRF and CORS").
 */
export function passesCsrfCheck(request: Request, cookie: string | undefined): boolean {
  const path = requestPath(request.url)
  if (cookie === undefined || SAFE_METHODS.has(request.method) || !path.startsWith('/api')) return true
  if (path === '/api/v2/users/first' || path.startsWith('/api/v2/workspaceagents/')) return true
  return (
    request.headers.get('coder-session-token') === cookie ||
    new URL(request.url).searchParams.get(sessionCookieName) === cookie ||
    /^bearer /i.test(request.headers.get('authorization') ?? '')
  )
}

/**
 * Whether a page of this origin uses the session cookie of its reader. The server has no pages of its own, so such a
 * page is an app of a workspace, which may be hostile; a browser says so itself in `Sec-Fetch-Site`, which no page can
 * change (W3C Fetch Metadata). `none` is the person, who typed the address. Programs send no such header, and a token
 * given as a header is no cookie.
 */
export function isAppPageRequest(request: Request, cookie: string | undefined): boolean {
  const path = requestPath(request.url)
  if (cookie === undefined || !path.startsWith('/api') || isAppSignIn(request, path)) return false
  const site = request.headers.get('sec-fetch-site')
  return site !== null && site !== 'none'
}

/**
 * Whether a whole tab goes to where app hosts send it. All that comes of it is a redirect to an app host, which no page
 * can read: neither the one that opened the tab nor the app, which gets the address without the ticket.
 */
function isAppSignIn({ method, headers }: Request, path: string): boolean {
  return (
    method === 'GET' &&
    path === appHostRoutes.authRedirect.path &&
    headers.get('sec-fetch-mode') === 'navigate' &&
    headers.get('sec-fetch-dest') === 'document'
  )
}
