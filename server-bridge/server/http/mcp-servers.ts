import { randomBytes } from 'node:crypto'
import { mcpServersRoutes } from '../../contract/mcp-servers.ts'
import { ApiError, forbidden, notFound } from '../api-error.ts'
import { mayAct } from '../services/authorization.ts'
import type { Approvals } from '../services/chats/approvals.ts'
import type { Mcp } from '../services/mcp/mcp.ts'
import { ProviderError } from '../services/mcp/oauth2-fetch.ts'
import {
  callbackUrl,
  clearedCookies,
  readCallback,
  requireOAuth2,
  startOAuth2,
} from '../services/mcp/oauth2-flow.ts'
import { toAdminView, toMemberView } from '../services/mcp/server-row.ts'
import type { McpServerRow } from '../services/mcp/server-secrets.ts'
import type { ResourceLocator } from '../services/resource-locator.ts'
import type { Actor, Sessions } from '../services/sessions.ts'
import type { AuditEntry } from '../services/audit.ts'
import { authorizeRoute } from './authorize-route.ts'
import { bound } from './bind-routes.ts'
import type { Handlers } from './call.ts'
import { readCredential } from './credential.ts'
import {
  clearedSignInSession,
  problemPage,
  readSignInSession,
  signInLinkHandler,
  signInPageHandler,
} from './mcp-sign-in.ts'

export interface McpServerHandlerDeps {
  readonly mcp: Mcp
  readonly sessions: Pick<Sessions, 'authenticate'>
  readonly locator: ResourceLocator
  readonly approvals: Pick<Approvals, 'settle'>
}

const readsAll = (actor: Actor): boolean => mayAct(actor, 'read', { type: 'deployment_config' })

function requireAdmin(actor: Actor): void {
  if (!mayAct(actor, 'update', { type: 'deployment_config' })) throw forbidden()
}

const auditOf = (server: McpServerRow, action: AuditEntry['action']): AuditEntry => ({
  resourceType: 'mcp_server_config',
  resourceId: server.id,
  resourceTarget: server.slug,
  action,
})

export function mcpServerHandlers(deps: McpServerHandlerDeps) {
  const { mcp, approvals } = deps
  const { servers } = mcp
  const view = async (row: McpServerRow, actor: Actor) => {
    const isConnected = await mcp.isConnected(row, actor.user.id)
    return readsAll(actor) ? toAdminView(row, isConnected) : toMemberView(row, isConnected)
  }
  const { oauth2Link: _, ...routes } = mcpServersRoutes
  return [
    ...signInLinkHandler(deps),
    ...signInPageHandler(deps),
    ...bound(routes, {
      list: ({ actor }) =>
        Promise.all(
          servers
            .list()
            .filter((row) => row.enabled === 1 || readsAll(actor))
            .map((row) => view(row, actor)),
        ),
      async create({ body, actor, audit }) {
        requireAdmin(actor)
        const row = await servers.create(body, actor.user.id)
        approvals.settle(null)
        audit(auditOf(row, 'create'))
        return toAdminView(row, false)
      },
      get({ params, actor }) {
        const row = servers.get(params.mcpserver)
        if (row.enabled !== 1 && !readsAll(actor)) throw notFound()
        return view(row, actor)
      },
      async update({ params, body, actor, audit }) {
        requireAdmin(actor)
        const row = await servers.update(params.mcpserver, body)
        // Calls that wait for their chat's owner may have lost their tool.
        approvals.settle(null)
        audit(auditOf(row, 'write'))
        return toAdminView(row, false)
      },
      delete({ params, actor, audit }) {
        requireAdmin(actor)
        const row = servers.delete(params.mcpserver)
        approvals.settle(null)
        audit(auditOf(row, 'delete'))
        return undefined
      },
      ...userHeaderHandlers(mcp),
      ...oauth2Handlers(deps),
    }),
  ]
}

function userHeaderHandlers(
  mcp: Mcp,
): Pick<
  Handlers<typeof mcpServersRoutes>,
  'getUserHeaders' | 'putUserHeaders' | 'deleteUserHeaders' | 'userHeaderUse'
> {
  const { servers, userHeaders } = mcp
  /** Names of keys, never a value. */
  const auditKeys = (
    server: McpServerRow,
    action: 'write' | 'delete',
    keys: readonly string[],
  ): AuditEntry => ({
    resourceType: 'mcp_server_user_headers',
    resourceId: server.id,
    resourceTarget: keys.length === 0 ? server.slug : `${server.slug}: ${keys.join(', ')}`,
    action,
  })
  return {
    getUserHeaders: ({ params, actor }) =>
      userHeaders.describe(servers.getEnabled(params.mcpserver), actor.user.id),
    putUserHeaders({ params, body, actor, audit }) {
      const { server, keys } = mcp.putUserHeaders(params.mcpserver, actor.user.id, body.values)
      audit(auditKeys(server, 'write', keys))
      return userHeaders.describe(server, actor.user.id)
    },
    deleteUserHeaders({ params, actor, audit }) {
      // Also of a server that was switched off: what is theirs can always be taken back.
      const server = servers.get(params.mcpserver)
      const had = Object.entries(userHeaders.describe(server, actor.user.id).has_values)
      userHeaders.clear(server, actor.user.id)
      audit(
        auditKeys(
          server,
          'delete',
          had.filter(([, has]) => has).map(([key]) => key),
        ),
      )
      return undefined
    },
    userHeaderUse({ params, actor }) {
      requireAdmin(actor)
      const { id } = servers.get(params.mcpserver)
      return { mcp_server_config_id: id, user_count: userHeaders.countUsers(id) }
    },
  }
}

function oauth2Handlers(
  deps: McpServerHandlerDeps,
): Pick<Handlers<typeof mcpServersRoutes>, 'oauth2Connect' | 'oauth2Callback' | 'oauth2Disconnect'> {
  const { mcp } = deps
  const { servers, tokens, accessUrl } = mcp
  const auditToken = (server: McpServerRow, action: 'create' | 'delete'): AuditEntry => ({
    resourceType: 'mcp_server_user_token',
    resourceId: server.id,
    resourceTarget: server.slug,
    action,
  })
  return {
    oauth2Connect({ params }) {
      const { location, cookies } = startOAuth2(servers.get(params.mcpserver), accessUrl())
      const headers = new Headers({ location, 'cache-control': 'no-store' })
      for (const cookie of cookies) headers.append('set-cookie', cookie)
      return new Response(null, { status: 307, headers })
    },
    async oauth2Callback({ params, query, request, audit }) {
      const session = readSignInSession(request.headers)
      const complete = async (): Promise<Response> => {
        const caller = session === undefined ? signedInUser(deps, params, request) : undefined
        const server = servers.get(params.mcpserver)
        const { code, verifier } = readCallback(server, query, request.headers.get('cookie') ?? '')
        // Last, since it can be spent once: a page that sends the browser here with a made-up state spends nothing.
        const userId = caller ?? userOfLink(mcp, session ?? '', server.id)
        const redirectUri = callbackUrl(accessUrl(), server.id)
        try {
          await tokens.exchange(server, userId, { code, verifier, redirectUri })
        } catch (error) {
          if (!(error instanceof ProviderError)) throw error
          throw new ApiError(502, {
            message: 'The provider did not give a token. Connect again.',
            detail: error.message,
          })
        }
        audit({ ...auditToken(server, 'create'), userId })
        return completePage(accessUrl(), server.id)
      }
      if (session === undefined) return complete()
      try {
        return await complete()
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        return problemPage(error.status, error.body.message)
      }
    },
    oauth2Disconnect({ params, actor, audit }) {
      const server = servers.get(params.mcpserver)
      requireOAuth2(server)
      tokens.remove(server, actor.user.id)
      audit(auditToken(server, 'delete'))
      return undefined
    },
  }
}

/** The caller by the session of the API, as for any other route. @throws {ApiError} 401, 403 */
function signedInUser(
  { sessions, locator }: McpServerHandlerDeps,
  params: { readonly mcpserver: string },
  request: Request,
): string {
  const actor = sessions.authenticate(readCredential(request.headers, new URL(request.url).searchParams))
  authorizeRoute(locator, { route: { ...mcpServersRoutes.oauth2Callback, auth: 'user' }, params, actor })
  return actor.user.id
}

/** The user whose one-time link began this sign-in. @throws {ApiError} 401 */
function userOfLink(mcp: Mcp, session: string, serverId: string): string {
  const userId = mcp.signInLinks.finish(session, serverId)
  if (userId !== undefined) return userId
  throw new ApiError(401, { message: 'The sign-in was finished already, or begun too long ago.' })
}

/** Tells the window that opened it, and closes. The id is a uuid of ours, so nothing in it can end the script. */
function completePage(accessUrl: string, serverId: string): Response {
  const nonce = randomBytes(16).toString('base64')
  const message = JSON.stringify({ type: 'mcp-oauth2-complete', serverID: serverId })
  const origin = JSON.stringify(new URL(accessUrl).origin)
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Connected</title></head><body>
<p>Connected. You can close this window.</p>
<script nonce="${nonce}">if (window.opener) window.opener.postMessage(${message}, ${origin}); window.close()</script>
</body></html>
`
  const headers = new Headers({
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': `default-src 'none'; script-src 'nonce-${nonce}'`,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  })
  for (const cookie of [...clearedCookies(accessUrl, serverId), clearedSignInSession(accessUrl, serverId)])
    headers.append('set-cookie', cookie)
  return new Response(html, { status: 200, headers })
}
