import { appConnectKey, appHostRoutes } from '../../contract/app-hosts.ts'
import { badRequest } from '../api-error.ts'
import { bound } from '../http/bind-routes.ts'
import { readCredential } from '../http/credential.ts'
import { HtmlError } from '../http/html-error.ts'
import type { AppSessions } from '../services/app-sessions.ts'
import type { HostedApps } from '../services/hosted-apps.ts'
import type { Sessions } from '../services/sessions.ts'
import { withoutOwnQuery } from './app-headers.ts'
import type { AppHosts } from './app-hosts.ts'
import { appNotFound, redirect, secretAnswer, tryAuthenticate } from './app-requests.ts'
import { opensApps } from './opens-apps.ts'

/** Where an app host sends who it does not know, to be sent back to `address`. */
export function signInAddress(accessUrl: string, address: string): string {
  return `${accessUrl}${signInPath(address)}`
}

/** The address of an app with what its host trades for a session. The rest of the query stays byte for byte. */
export function addTicket(address: string, ticket: string): string {
  const clean = withoutOwnQuery(address)
  return `${clean}${clean.includes('?') ? '&' : '?'}${appConnectKey}=${ticket}`
}

export interface AppSignInDeps {
  readonly sessions: Sessions
  readonly appSessions: AppSessions
  readonly hostedApps: HostedApps
  /** Absent: there is no wildcard host. */
  readonly appHosts: () => AppHosts | undefined
}

/** What Coder's dashboard does for app hosts: it hands a visitor who is signed in on to the app, by a ticket. */
export function appSignInHandlers({ sessions, appSessions, hostedApps, appHosts }: AppSignInDeps) {
  return bound(appHostRoutes, {
    authRedirect({ query, request }) {
      const wanted = appHosts()?.readAddress(query.redirect_uri)
      if (!wanted) throw badRequest('The "redirect_uri" must be the address of an app of this deployment.')
      const address = `${wanted.host.origin}${wanted.path}`
      const { searchParams } = new URL(request.url)
      const actor = tryAuthenticate(sessions, readCredential(request.headers, searchParams))
      if (!actor) {
        return redirect(303, `/login?${new URLSearchParams({ redirect: signInPath(address) }).toString()}`)
      }
      const hosted = hostedApps.find(wanted.host.name)
      // The owner of a workspace that is stopped is told so there.
      const exists = hosted?.running !== undefined || hosted?.isStopped === true
      if (!hosted || !exists || !hostedApps.mayOpen(hosted, actor.user.id) || !opensApps(actor, hosted)) {
        throw new HtmlError(404, appNotFound)
      }
      return redirect(303, addTicket(address, appSessions.ticket(actor.keyId, hosted.target)), secretAnswer)
    },
  })
}

function signInPath(address: string): string {
  return `${appHostRoutes.authRedirect.path}?${new URLSearchParams({ redirect_uri: address }).toString()}`
}
