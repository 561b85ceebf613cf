import type { AgentLinks } from '../agents/agent-links.ts'
import type { AgentRequests } from '../agents/agent-requests.ts'
import type { AppContext } from '../http/bind-routes.ts'
import { readCookie, readCredential } from '../http/credential.ts'
import { mayEnter } from '../http/find-agent.ts'
import { HtmlError } from '../http/html-error.ts'
import type { AppAddress, AppPlace, FindAppPlace } from '../services/app-places.ts'
import {
  appCookieName,
  appPath,
  appSessionSeconds,
  type AppSessions,
  type AppTarget,
  appTicketKey,
} from '../services/app-sessions.ts'
import type { KeyHolder, WatchKey } from '../services/key-watch.ts'
import type { Sessions } from '../services/sessions.ts'
import { portOf } from '../services/shown-ports.ts'
import { withoutOwnQuery } from './app-headers.ts'
import {
  appNotFound,
  appUnavailable,
  giveToApp,
  redirect,
  secretAnswer,
  staleTicket,
  stoppedMessage,
  tryAuthenticate,
} from './app-requests.ts'

export interface PathAppDeps {
  readonly sessions: Sessions
  readonly appSessions: AppSessions
  readonly watchKey: WatchKey
  readonly findAppPlace: FindAppPlace
  readonly links: Pick<AgentLinks, 'isLinked'>
  readonly requests: Pick<AgentRequests, 'dial'>
}

/** Slashes may be doubled as in every path of the server; what follows the slug is the app's own, as it was written. */
const PATH = /^\/+(?:@|%40)([^/]+)\/+([^/]+)\/+apps\/+([^/]+)(\/.*)?$/i

/** A request for a path app, or `undefined` for any other. */
interface AppRequest {
  readonly address: AppAddress
  /** After the slug: empty, or from its slash on. */
  readonly rest: string
  readonly url: URL
}

/** Answers requests of apps that live under a path of this server. Other requests are passed on. */
export function createPathApps(deps: PathAppDeps) {
  return async (context: AppContext, next: () => Promise<void>): Promise<Response | undefined> => {
    const request = parseAppRequest(new URL(context.req.url))
    if (request === undefined) {
      await next()
      return undefined
    }
    // Nobody but its owner may open a workspace's path apps, and an owner has a name.
    if (request.address.owner.toLowerCase() === 'me') throw new HtmlError(404, appNotFound)
    const found = deps.findAppPlace(request.address)
    const ticket = request.url.searchParams.get(appTicketKey)
    if (ticket !== null) {
      requireOwnHand(context.req.raw.headers)
      return redeem(deps, request, found, ticket)
    }
    const holder = holderOf(deps, context.req.raw.headers, request, found)
    if (holder === undefined) return redirect(303, loginPath(request.url))
    const { place, app } = requireRunning(deps, found, holder.userId)
    if (request.rest === '') return redirect(307, `${appPath(place, app.slug)}${request.url.search}`)
    const port = portOf(app.url)
    if (app.external || port === undefined) throw new HtmlError(404, appNotFound)
    return giveToApp(context, deps.watchKey, holder, {
      url: new URL(app.url ?? ''),
      path: `${request.rest}${request.url.search}`,
      connect: () => deps.requests.dial(place.agent.id, port),
      commonHeaders: context.var.commonHeaders,
    })
  }
}

function parseAppRequest(url: URL): AppRequest | undefined {
  const match = PATH.exec(url.pathname)
  if (!match) return undefined
  const [, owner = '', place = '', slug = '', rest = ''] = match.map((part) => part)
  try {
    const [workspace = '', agent, ...more] = decodeURIComponent(place).split('.')
    if (more.length > 0) return undefined
    const address = { owner: decodeURIComponent(owner), workspace, agent, slug: decodeURIComponent(slug) }
    return { address, rest, url }
  } catch {
    // A percent sign that begins no character: such an app does not exist.
    return undefined
  }
}

/** By the address while the workspace does not run: the browser is told that, not to sign in. */
function targetOf({ workspaceId, running }: AppPlace, address: AppAddress): AppTarget {
  return {
    workspaceId,
    agentName: running?.place.agent.name ?? address.agent ?? '',
    slug: running?.app.slug ?? address.slug,
  }
}

/** Who asks: by the cookie of this one app, else by a credential of the API. @throws {HtmlError} when that is too weak */
function holderOf(
  deps: PathAppDeps,
  headers: Headers,
  { address, url }: AppRequest,
  found: AppPlace | undefined,
): KeyHolder | undefined {
  const cookie = readCookie(headers, appCookieName)
  const holder = found && cookie && deps.appSessions.holderOf(cookie, targetOf(found, address))
  if (holder) return holder
  const actor = tryAuthenticate(deps.sessions, readCredential(headers, url.searchParams))
  if (actor === undefined) return undefined
  const place = found?.running?.place
  if (place && !mayEnter(place, actor, 'application_connect')) throw new HtmlError(404, appNotFound)
  return { keyId: actor.keyId, userId: actor.user.id }
}

function requireRunning(
  { links }: PathAppDeps,
  found: AppPlace | undefined,
  userId: string,
): NonNullable<AppPlace['running']> {
  if (found?.ownerId !== userId) throw new HtmlError(404, appNotFound)
  if (found.isStopped) throw new HtmlError(400, stoppedMessage(found.workspaceName))
  if (!found.running) throw new HtmlError(404, appNotFound)
  if (!links.isLinked(found.running.place.agent.id)) throw new HtmlError(404, appUnavailable)
  return found.running
}

/**
 * A page must not make its reader open an app: one of another person, whose page would then share the origin with the
 * reader's own apps. What a person or another program opens comes as `none`, and from no browser without the header.
 */
function requireOwnHand(headers: Headers): void {
  const site = headers.get('sec-fetch-site')
  if (site !== null && site !== 'none')
    throw new HtmlError(404, 'A link to an app cannot be followed from a page. Open the app itself.')
}

function redeem(
  { appSessions }: PathAppDeps,
  { address, url }: AppRequest,
  found: AppPlace | undefined,
  ticket: string,
): Response {
  const place = found?.running?.place
  const target = found && targetOf(found, address)
  const session = place && target && appSessions.redeem(ticket, target)
  if (!session) throw new HtmlError(404, staleTicket)
  const path = appPath(place, target.slug)
  return redirect(303, withoutOwnQuery(`${path}${url.search}`), {
    'set-cookie': `${appCookieName}=${session}; Path=${path}; Max-Age=${appSessionSeconds}; HttpOnly; SameSite=Lax`,
    ...secretAnswer,
  })
}

function loginPath(url: URL): string {
  // One slash in front: two of them begin the name of a host.
  const path = url.pathname.replace(/^\/+/, '/')
  const search = new URLSearchParams({ redirect: `${path}${withoutOwnQuery(url.search)}` })
  return `/login?${search.toString()}`
}
