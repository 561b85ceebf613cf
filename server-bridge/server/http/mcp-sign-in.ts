/** Signing in to an MCP server in a browser that holds no session: by a one-time link, up to the provider's answer. */
import { z } from 'zod'
import { mcpServersRoutes } from '../../contract/mcp-servers.ts'
import { defineRoute } from '../../contract/route.ts'
import type { Mcp } from '../services/mcp/mcp.ts'
import { callbackUrl, requireOAuth2, signInSeconds, startOAuth2 } from '../services/mcp/oauth2-flow.ts'
import { toWireTime } from '../services/wire-time.ts'
import { bound } from './bind-routes.ts'
import { readCookie } from './credential.ts'
import { escapeHtml, htmlPage } from './html-page.ts'

const PATH = '/mcp-sign-in'
const COOKIE = 'outpost_mcp_sign_in'

const pageRoutes = {
  /** Outside of the API's paths: a person opens it, and no credential of the API is looked at. */
  page: defineRoute({
    method: 'GET',
    path: PATH,
    auth: 'none',
    rate: 'login',
    query: z.object({ ticket: z.string().max(100).optional() }),
    status: 303,
    errors: [400, 403, 429],
  }),
} as const

export interface McpSignInDeps {
  readonly mcp: Pick<Mcp, 'servers' | 'accessUrl' | 'signInLinks'>
}

/** The route that makes a link. */
export function signInLinkHandler({ mcp }: McpSignInDeps) {
  return bound(
    { oauth2Link: mcpServersRoutes.oauth2Link },
    {
      oauth2Link({ params, actor }) {
        const server = mcp.servers.get(params.mcpserver)
        requireOAuth2(server)
        const { ticket, expiresAt } = mcp.signInLinks.issue(actor, server.id)
        return {
          url: `${mcp.accessUrl()}${PATH}?${new URLSearchParams({ ticket }).toString()}`,
          expires_at: toWireTime(expiresAt),
        }
      },
    },
  )
}

/** The page that a link opens: it sends the browser on to the provider, and nowhere else. */
export function signInPageHandler({ mcp }: McpSignInDeps) {
  return bound(pageRoutes, {
    page({ query, request }) {
      // Cookies belong to a host: at another name of ours the way back would not find them.
      const isHere = request.headers.get('host') === new URL(mcp.accessUrl()).host
      if (!isHere || !isOpenedByPerson(request))
        return problemPage(403, 'This link was opened from another page.')
      const begun = mcp.signInLinks.begin(query.ticket ?? '')
      if (begun === undefined)
        return problemPage(400, 'This link was used already, or is more than a minute old.')
      const { location, cookies } = startOAuth2(mcp.servers.get(begun.serverId), mcp.accessUrl())
      const headers = new Headers({ location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
      for (const cookie of [...cookies, sessionCookie(mcp.accessUrl(), begun.serverId, begun.session)])
        headers.append('set-cookie', cookie)
      return new Response(null, { status: 303, headers })
    },
  })
}

/** What the link left in the browser, for the way back. */
export function readSignInSession(headers: Headers): string | undefined {
  return readCookie(headers, COOKIE)
}

/** Ends it. */
export function clearedSignInSession(accessUrl: string, serverId: string): string {
  return `${COOKIE}=; Path=${callbackPath(accessUrl, serverId)}; Max-Age=0; HttpOnly; SameSite=Lax`
}

/** Why a sign-in in the browser ended, for the person in front of it. */
export function problemPage(status: number, reason: string): Response {
  return htmlPage(
    status,
    'Not signed in',
    `<h1>You were not signed in</h1>
<p class="problem" role="alert">${escapeHtml(reason)}</p>
<p>Go back to Outpost and press <strong>Sign in</strong> again. You can close this page.</p>`,
  )
}

function sessionCookie(accessUrl: string, serverId: string, session: string): string {
  return `${COOKIE}=${session}; Path=${callbackPath(accessUrl, serverId)}; Max-Age=${signInSeconds}; HttpOnly; SameSite=Lax`
}

const callbackPath = (accessUrl: string, serverId: string): string =>
  new URL(callbackUrl(accessUrl, serverId)).pathname

/** A browser says by itself who sent it here (W3C Fetch Metadata); `none` is the person or another program. */
function isOpenedByPerson({ headers }: Request): boolean {
  const site = headers.get('sec-fetch-site')
  return site === null || site === 'none'
}
