import { appConnectKey } from '../../contract/app-hosts.ts'
import type { AgentLinks } from '../agents/agent-links.ts'
import type { AgentRequests } from '../agents/agent-requests.ts'
import type { AppContext } from '../http/bind-routes.ts'
import { readCookie, readCredential } from '../http/credential.ts'
import { HtmlError } from '../http/html-error.ts'
import type { OwnAddress } from '../http/origin-check.ts'
import type { AppSessions } from '../services/app-sessions.ts'
import type { HostedApp, HostedApps } from '../services/hosted-apps.ts'
import type { KeyHolder, WatchKey } from '../services/key-watch.ts'
import type { Sessions } from '../services/sessions.ts'
import { withoutOwnQuery } from './app-headers.ts'
import type { AppHost } from './app-hosts.ts'
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
import { hostCookie, hostCookieName } from './host-cookie.ts'
import { signInAddress } from './app-sign-in.ts'
import { opensApps } from './opens-apps.ts'

export interface HostAppDeps {
  readonly sessions: Sessions
  readonly appSessions: AppSessions
  readonly hostedApps: HostedApps
  readonly watchKey: WatchKey
  readonly address: () => OwnAddress
  readonly links: Pick<AgentLinks, 'isLinked'>
  readonly requests: Pick<AgentRequests, 'dial'>
}

/** Answers every request of an app host. The API has no part in it but the credentials that it knows. */
export function createHostApps(deps: HostAppDeps) {
  return async (context: AppContext, host: AppHost): Promise<Response> => {
    const { headers } = context.req.raw
    refuseForeignPages(headers, host)
    const url = new URL(context.req.url)
    const path = `${url.pathname}${url.search}`
    const hosted = deps.hostedApps.find(host.name)
    const ticket = url.searchParams.get(appConnectKey)
    if (ticket !== null) return redeem(deps, host, hosted, { ticket, path })
    if (hosted && deps.hostedApps.mayOpen(hosted, undefined)) {
      return open(deps, context, { host, hosted, holder: undefined, path })
    }
    const holder = holderOf(deps, headers, { url, host, hosted })
    if (holder === undefined) {
      return redirect(303, signInAddress(deps.address().accessUrl, `${host.origin}${withoutOwnQuery(path)}`))
    }
    if (!hosted || !deps.hostedApps.mayOpen(hosted, holder.userId)) throw new HtmlError(404, appNotFound)
    return open(deps, context, { host, hosted, holder, path })
  }
}

/**
 * A page of another origin may lead its reader to an app, and do nothing else with it. Under a wildcard of a real domain
 * the cookie's `SameSite` does not see to that: neighbours are of the same site.
 */
function refuseForeignPages(headers: Headers, host: AppHost): void {
  const origin = headers.get('origin')
  const site = headers.get('sec-fetch-site')
  const isForeign =
    (origin !== null && origin.toLowerCase() !== host.origin) ||
    ((site === 'cross-site' || site === 'same-site') && headers.get('sec-fetch-mode') !== 'navigate')
  if (isForeign) throw new HtmlError(403, 'An app does not answer requests of pages of another origin.')
}

interface Visit {
  readonly url: URL
  readonly host: AppHost
  readonly hosted: HostedApp | undefined
}

/** Who asks: by the cookie of this host, else by a credential of the API. @throws {HtmlError} when that is too weak */
function holderOf(deps: HostAppDeps, headers: Headers, { url, host, hosted }: Visit): KeyHolder | undefined {
  const cookie = readCookie(headers, hostCookieName(host))
  const holder = hosted && cookie && deps.appSessions.holderOf(cookie, hosted.target)
  if (holder) return holder
  const actor = tryAuthenticate(deps.sessions, readCredential(headers, url.searchParams))
  if (actor === undefined) return undefined
  if (hosted && !opensApps(actor, hosted)) throw new HtmlError(404, appNotFound)
  return { keyId: actor.keyId, userId: actor.user.id }
}

interface Opening {
  readonly host: AppHost
  readonly hosted: HostedApp
  readonly holder: KeyHolder | undefined
  readonly path: string
}

function open(deps: HostAppDeps, context: AppContext, { host, hosted, holder, path }: Opening): Response {
  const { running } = hosted
  if (hosted.isStopped) throw new HtmlError(400, stoppedMessage(hosted.workspaceName))
  // Behind a port of our own is this server again, which would ask itself for ever.
  if (!running || deps.address().ports.has(running.port)) throw new HtmlError(404, appNotFound)
  const { place, url, port } = running
  if (!deps.links.isLinked(place.agent.id)) throw new HtmlError(404, appUnavailable)
  return giveToApp(context, deps.watchKey, holder, {
    url,
    path,
    isSecure: host.origin.startsWith('https:'),
    connect: () => deps.requests.dial(place.agent.id, port),
    commonHeaders: context.var.commonHeaders,
  })
}

interface Redemption {
  readonly ticket: string
  readonly path: string
}

function redeem(
  { appSessions }: HostAppDeps,
  host: AppHost,
  hosted: HostedApp | undefined,
  { ticket, path }: Redemption,
): Response {
  const session = hosted && appSessions.redeem(ticket, hosted.target)
  if (!session) throw new HtmlError(404, staleTicket)
  return redirect(303, `${host.origin}${withoutOwnQuery(path)}`, {
    'set-cookie': hostCookie(host, session),
    ...secretAnswer,
  })
}
