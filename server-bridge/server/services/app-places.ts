import type { WorkspaceApp } from '../../contract/workspace-apps.ts'
import type { Database } from '../db/database.ts'
import type { AgentPlace, AgentRecords } from './agent-records.ts'

/** The names in the address of a path app. */
export interface AppAddress {
  readonly owner: string
  readonly workspace: string
  /** Absent: the only agent there is. */
  readonly agent: string | undefined
  readonly slug: string
}

export interface AppPlace {
  readonly ownerId: string
  readonly workspaceId: string
  readonly workspaceName: string
  /** Absent while the workspace does not run, and when it has no such agent or app. */
  readonly running: { readonly place: AgentPlace; readonly app: WorkspaceApp } | undefined
  /** The last build of the workspace stopped it. */
  readonly isStopped: boolean
}

/** The workspace of that address with its app, as far as they exist. */
export type FindAppPlace = (address: AppAddress) => AppPlace | undefined

interface NamedWorkspace {
  readonly id: string
  readonly name: string
  readonly ownerId: string
  readonly isStopped: () => boolean
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

/** The living workspace of that name and owner, in whatever letters. */
export function createWorkspaceFinder(
  db: Database,
): (name: Pick<AppAddress, 'owner' | 'workspace'>) => NamedWorkspace | undefined {
  const find = ({ owner, workspace }: Pick<AppAddress, 'owner' | 'workspace'>) =>
    db
      .all(
        db.sql
          .selectFrom('workspaces')
          .innerJoin('users', 'users.id', 'workspaces.owner_id')
          .select(['workspaces.id', 'workspaces.name', 'users.id as owner_id', 'users.username'])
          .where('workspaces.deleted', '=', 0)
          // The index ignores case, `=` does not: what it leaves is compared below.
          .where('workspaces.name', 'like', workspace.replaceAll(/[%_]/g, '')),
      )
      .find((row) => same(row.name, workspace) && same(row.username, owner))

  const isStopped = (workspaceId: string): boolean => {
    const latest = db.first(
      db.sql
        .selectFrom('workspace_builds')
        .select('transition')
        .where('workspace_id', '=', workspaceId)
        .orderBy('build_number', 'desc')
        .limit(1),
    )
    return latest?.transition !== 'start'
  }

  return (name) => {
    const row = find(name)
    return row && { id: row.id, name: row.name, ownerId: row.owner_id, isStopped: () => isStopped(row.id) }
  }
}

export function createAppPlaces(db: Database, records: Pick<AgentRecords, 'wantedOf'>): FindAppPlace {
  const findWorkspace = createWorkspaceFinder(db)
  return (address) => {
    const workspace = findWorkspace(address)
    if (!workspace) return undefined
    const places = records.wantedOf(workspace.id)
    const place =
      address.agent === undefined
        ? places.length === 1
          ? places[0]
          : undefined
        : places.find(({ agent }) => same(agent.name, address.agent ?? ''))
    const apps = JSON.parse(place?.agent.apps ?? '[]') as WorkspaceApp[]
    const app = apps.find(({ slug }) => slug === address.slug)
    return {
      ownerId: workspace.ownerId,
      workspaceId: workspace.id,
      workspaceName: workspace.name,
      running: place && app && { place, app },
      isStopped: workspace.isStopped(),
    }
  }
}
