import { sessionCookieName } from './credential.ts'

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/**
 * Whether a request that a browser signed with the session cookie proves that it was meant. Without the cookie there
 * is nothing to forge (stable-api, "CSRF and CORS").
 */
export function passesCsrfCheck(request: Request, url: URL, cookie: string | undefined): boolean {
  if (cookie === undefined || SAFE_METHODS.has(request.method) || !url.pathname.startsWith('/api'))
    return true
  if (url.pathname === '/api/v2/users/first' || url.pathname.startsWith('/api/v2/workspaceagents/'))
    return true
  return (
    request.headers.get('coder-session-token') === cookie ||
    url.searchParams.get(sessionCookieName) === cookie ||
    /^bearer /i.test(request.headers.get('authorization') ?? '')
  )
}
