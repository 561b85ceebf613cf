import type { AppHostName } from '../../contract/app-hosts.ts'
import type { WorkspaceApp } from '../../contract/workspace-apps.ts'
import { sharedPortRange } from '../../contract/workspace-sharing.ts'
import type { Database } from '../db/database.ts'
import type { AgentPlace, AgentRecords } from './agent-records.ts'
import { createWorkspaceFinder } from './app-places.ts'
import type { AppTarget } from './app-sessions.ts'
import { portOf } from './shown-ports.ts'

type SharingLevel = WorkspaceApp['sharing_level']

/** A workspace that the name of an app host names, with what is opened there. */
export interface HostedApp {
  readonly ownerId: string
  readonly workspaceId: string
  readonly workspaceName: string
  /** The last build of the workspace stopped it. */
  readonly isStopped: boolean
  /** What a session of that host is good for. */
  readonly target: AppTarget
  /** Absent while the workspace does not run, and when it has no such app. */
  readonly running: RunningApp | undefined
}

export interface RunningApp {
  readonly place: AgentPlace
  /** Of the program on the agent's machine. */
  readonly url: URL
  readonly port: number
  readonly sharing: SharingLevel
}

export interface HostedApps {
  find(name: AppHostName): HostedApp | undefined
  /** Whether this user may open it; who is nobody may open what is public. */
  mayOpen(app: HostedApp, userId: string | undefined): boolean
}

export function createHostedApps(db: Database, records: Pick<AgentRecords, 'wantedOf'>): HostedApps {
  const findWorkspace = createWorkspaceFinder(db)

  const portShare = (place: AgentPlace, port: number, protocol: string): SharingLevel =>
    db.first(
      db.sql
        .selectFrom('workspace_port_shares')
        .select('share_level')
        .where('workspace_id', '=', place.workspaceId)
        .where('agent_name', '=', place.agent.name)
        .where('port', '=', port)
        .where('protocol', '=', protocol as 'http' | 'https'),
    )?.share_level ?? 'owner'

  const runningPort = (
    places: readonly AgentPlace[],
    port: number,
    protocol: string,
  ): RunningApp | undefined => {
    const [place] = places
    if (!place || port < sharedPortRange.min || port > sharedPortRange.max) return undefined
    const url = new URL(`${protocol}://127.0.0.1:${port}/`)
    return { place, url, port, sharing: portShare(place, port, protocol) }
  }

  const runningApp = (places: readonly AgentPlace[], slug: string): RunningApp | undefined => {
    for (const place of places) {
      const apps = JSON.parse(place.agent.apps) as WorkspaceApp[]
      const app = apps.find((candidate) => candidate.slug === slug)
      const port = portOf(app?.url)
      // An app without a name of its own was written for a path, where nobody but its owner gets to it.
      if (app?.subdomain !== true || app.external || app.command || port === undefined) continue
      return { place, url: new URL(app.url ?? ''), port, sharing: app.sharing_level }
    }
    return undefined
  }

  const isMember = (userId: string): boolean =>
    db.first(
      db.sql
        .selectFrom('organization_members')
        .innerJoin('organizations', 'organizations.id', 'organization_members.organization_id')
        .select('organization_members.user_id')
        .where('organizations.is_default', '=', 1)
        .where('organization_members.user_id', '=', userId),
    ) !== undefined

  return {
    find(name) {
      const workspace = findWorkspace(name)
      if (!workspace) return undefined
      const agent = name.agent?.toLowerCase()
      const places = records
        .wantedOf(workspace.id)
        .filter((place) => agent === undefined || place.agent.name.toLowerCase() === agent)
      const { opens } = name
      return {
        ownerId: workspace.ownerId,
        workspaceId: workspace.id,
        workspaceName: workspace.name,
        isStopped: workspace.isStopped(),
        target: { workspaceId: workspace.id, agentName: agent ?? '', slug: targetSlug(name) },
        running:
          'slug' in opens
            ? runningApp(places, opens.slug.toLowerCase())
            : runningPort(places, opens.port, opens.protocol),
      }
    },
    mayOpen({ ownerId, running }, userId) {
      if (running?.sharing === 'public') return true
      if (userId === undefined) return false
      if (userId === ownerId || running?.sharing === 'authenticated') return true
      return running?.sharing === 'organization' && isMember(userId)
    },
  }
}

/** No slug has a slash, so a session of a path app is never one of an app host, nor a port's one of an app. */
function targetSlug({ opens }: AppHostName): string {
  return 'slug' in opens ? `host/${opens.slug.toLowerCase()}` : `port/${opens.protocol}/${opens.port}`
}
