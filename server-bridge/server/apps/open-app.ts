import { type AppHostName, formatAppLabel, parseAppPort } from '../../contract/app-hosts.ts'
import type { WorkspaceApp } from '../../contract/workspace-apps.ts'
import { badRequest, notFound } from '../api-error.ts'
import type { AgentPlace } from '../services/agent-records.ts'
import { appPath, type AppSessions, appTicketKey } from '../services/app-sessions.ts'
import type { HostedApps } from '../services/hosted-apps.ts'
import type { AppHosts } from './app-hosts.ts'
import { addTicket } from './app-sign-in.ts'

export interface OpenAppDeps {
  readonly appSessions: AppSessions
  readonly hostedApps: HostedApps
  /** Absent: there is no wildcard host. */
  readonly appHosts: () => AppHosts | undefined
}

/**
 * Makes links that open an app, by its slug, or a port of its agent once and without a session of the API: for a browser
 * that is not signed in. The caller has seen to it that whoever has the key may open apps there.
 */
export function createAppOpener({ appSessions, hostedApps, appHosts }: OpenAppDeps) {
  /** `undefined` for what has no host of its own. */
  const hostLink = (place: AgentPlace, keyId: string, opens: AppHostName['opens']): string | undefined => {
    const hosts = appHosts()
    // As in `subdomain_name`: an app's host leaves the agent out, a port's names it.
    const agent = 'slug' in opens ? undefined : place.agent.name
    const name = { opens, agent, workspace: place.workspaceName, owner: place.ownerName }
    const label = hosts && formatAppLabel(name)
    const hosted = label === undefined ? undefined : hostedApps.find(name)
    if (!hosts || label === undefined || !hosted?.running) return undefined
    return addTicket(`${hosts.originOf(label)}/`, appSessions.ticket(keyId, hosted.target))
  }

  const pathLink = (place: AgentPlace, keyId: string, { slug }: WorkspaceApp): string => {
    const target = { workspaceId: place.workspaceId, agentName: place.agent.name, slug }
    const search = new URLSearchParams({ [appTicketKey]: appSessions.ticket(keyId, target) })
    return `${appPath(place, slug)}?${search.toString()}`
  }

  /** @throws {ApiError} 404 no such app, and a port where there are no hosts for ports; 400 not opened this way */
  return (place: AgentPlace, keyId: string, slugOrPort: string): string => {
    const apps = JSON.parse(place.agent.apps) as WorkspaceApp[]
    const app = apps.find(({ slug }) => slug === slugOrPort)
    if (!app) {
      const port = parseAppPort(slugOrPort)
      const link = port && hostLink(place, keyId, port)
      if (link === undefined) throw notFound()
      return link
    }
    if (app.external || app.command !== '' || app.url === '') {
      throw badRequest('Only an app with an address inside the workspace can be opened this way.')
    }
    return (
      (app.subdomain ? hostLink(place, keyId, { slug: app.slug }) : undefined) ?? pathLink(place, keyId, app)
    )
  }
}
