import { zeroUuid } from '../../contract/zero-values.ts'
import type { Database } from '../db/database.ts'
import type { Resource } from './authorization.ts'
import type { Accounts } from './accounts.ts'
import type { Actor } from './sessions.ts'

/** The values of a route's placeholders, as they came. */
export type PathParams = Readonly<Partial<Record<string, string>>>

/** Finds what a path speaks of, by the names its placeholders have in every route. */
export interface ResourceLocator {
  /** `undefined` where the path names no resource of the type, or one that does not exist. */
  locate(type: Resource['type'], params: PathParams, actor: Actor): Resource | undefined
}

export function createResourceLocator(db: Database, accounts: Accounts): ResourceLocator {
  const workspaceIdOf = (params: PathParams): string | undefined => {
    const { workspace, workspacebuild: build, workspaceagent: agent } = params
    if (workspace !== undefined) return workspace.toLowerCase()
    if (build !== undefined) {
      return db.first(
        db.sql.selectFrom('workspace_builds').select('workspace_id').where('id', '=', build.toLowerCase()),
      )?.workspace_id
    }
    if (agent === undefined) return undefined
    return db.first(
      db.sql
        .selectFrom('workspace_agents')
        .innerJoin('workspace_resources', 'workspace_resources.id', 'workspace_agents.resource_id')
        .innerJoin('workspace_builds', 'workspace_builds.job_id', 'workspace_resources.job_id')
        .select('workspace_builds.workspace_id')
        .where('workspace_agents.id', '=', agent.toLowerCase()),
    )?.workspace_id
  }

  const ownerOf = (params: PathParams, actor: Actor): string | undefined =>
    params['user'] === undefined ? undefined : accounts.lookUp(params['user'], actor)?.id

  const workspace = (params: PathParams, actor: Actor): Resource | undefined => {
    const id = workspaceIdOf(params)
    let rows = db.sql.selectFrom('workspaces').select(['id', 'owner_id'])
    if (id !== undefined) rows = rows.where('id', '=', id)
    else {
      const ownerId = ownerOf(params, actor)
      if (ownerId === undefined) return undefined
      const name = params['workspacename']
      if (name === undefined) return { type: 'workspace', ownerId }
      rows = rows
        .where('owner_id', '=', ownerId)
        .where((where) => where(where.fn('lower', ['name']), '=', name.toLowerCase()))
        .orderBy('deleted')
        .orderBy('created_at', 'desc')
    }
    const found = db.first(rows.limit(1))
    return found && { type: 'workspace', id: found.id, ownerId: found.owner_id }
  }

  const template = (params: PathParams): Resource | undefined => {
    const { template: id, templatename: name, templateversion: version } = params
    const known = db.sql.selectFrom('templates').select('id')
    if (id !== undefined || name !== undefined) {
      const found = db.first(
        id === undefined
          ? known
              .where((where) => where(where.fn('lower', ['name']), '=', name?.toLowerCase() ?? ''))
              .where('deleted', '=', 0)
          : known.where('id', '=', id.toLowerCase()),
      )
      return found && { type: 'template', id: found.id }
    }
    if (version === undefined) return undefined
    const found = db.first(
      db.sql.selectFrom('template_versions').select('template_id').where('id', '=', version.toLowerCase()),
    )
    if (!found) return undefined
    // A version that has no template yet is covered by nothing that names one.
    return { type: 'template', id: found.template_id ?? '' }
  }

  const organization = ({ organization: reference }: PathParams): Resource | undefined => {
    if (reference === undefined) return undefined
    const wanted = reference.toLowerCase()
    const isDefault = wanted === 'default' || wanted === zeroUuid
    const rows = db.sql.selectFrom('organizations').select('id')
    const found = db.first(
      isDefault
        ? rows.where('is_default', '=', 1)
        : rows.where((where) => where.or([where('id', '=', wanted), where('name', '=', wanted)])),
    )
    return found && { type: 'organization', id: found.id }
  }

  return {
    locate(type, params, actor) {
      if (type === 'workspace') return workspace(params, actor)
      if (type === 'template') return template(params)
      if (type === 'organization') return organization(params)
      const ownerId = ownerOf(params, actor)
      if (ownerId === undefined) return undefined
      return type === 'user' ? { type, id: ownerId, ownerId } : { type, ownerId }
    },
  }
}
