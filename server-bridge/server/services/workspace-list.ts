import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import type { AgentStatuses } from './agent-statuses.ts'
import type { WorkspaceFilter } from './workspace-search.ts'
import type { WorkspaceRow } from './workspace-view.ts'

export interface ListRequest {
  readonly filter: WorkspaceFilter
  /** 0: all. */
  readonly limit: number
  readonly offset: number
  /** Whose favourites come first. */
  readonly callerId: string
  /** Absent: the workspaces of everybody. */
  readonly ownerId: string | undefined
  /** Absent: any. */
  readonly ids: readonly string[] | undefined
}

export interface ListedPage {
  readonly rows: readonly WorkspaceRow[]
  /** All that match, not only this page. */
  readonly count: number
}

/** Living workspaces with their latest build, for every question a search can ask. */
const listed = (db: Database) =>
  db.sql
    .selectFrom('workspaces')
    .innerJoin('users', 'users.id', 'workspaces.owner_id')
    .innerJoin('organizations', 'organizations.id', 'workspaces.organization_id')
    .innerJoin('templates', 'templates.id', 'workspaces.template_id')
    .innerJoin('workspace_builds as build', 'build.workspace_id', 'workspaces.id')
    .innerJoin('provisioner_jobs as job', 'job.id', 'build.job_id')
    .where('workspaces.deleted', '=', 0)
    .where((where) =>
      where(
        'build.build_number',
        '=',
        where
          .selectFrom('workspace_builds as newest')
          .select((newest) => newest.fn.max('newest.build_number').as('number'))
          .whereRef('newest.workspace_id', '=', 'workspaces.id'),
      ),
    )
type Listed = ReturnType<typeof listed>

/**
 * One page of the list: the caller's favourites, then what runs, then by owner and name (stable-api, section 1). The
 * database filters, sorts and cuts; only the states of agents are judged here, because they depend on the time.
 */
export function listWorkspaces(
  db: Database,
  agentStatuses: AgentStatuses,
  { filter, limit, offset, callerId, ownerId, ids }: ListRequest,
): ListedPage {
  if (filter.matchesNothing) return { rows: [], count: 0 }
  let matching = byState(byName(listed(db), filter), filter)
  if (ownerId !== undefined) matching = matching.where('workspaces.owner_id', '=', ownerId)
  if (ids !== undefined) matching = matching.where('workspaces.id', 'in', [...ids])
  const ordered = matching
    .selectAll('workspaces')
    .select('build.job_id')
    .orderBy(sql`case when workspaces.favorite = 1 and workspaces.owner_id = ${callerId} then 0 else 1 end`)
    .orderBy(sql`case when build.transition = 'start' and job.status = 'succeeded' then 0 else 1 end`)
    .orderBy(sql`lower(users.username)`)
    .orderBy(sql`lower(workspaces.name)`)
    .orderBy('workspaces.id')
  const end = limit === 0 ? undefined : offset + limit
  if (filter.agentStatuses.length > 0) {
    const rows = withAgents(db.all(ordered), agentStatuses, filter)
    return { rows: rows.slice(offset, end), count: rows.length }
  }
  if (end === undefined) {
    const rows = db.all(ordered)
    return { rows: rows.slice(offset), count: rows.length }
  }
  return {
    rows: db.all(ordered.limit(limit).offset(offset)),
    count: db.first(matching.select((select) => select.fn.countAll<number>().as('total')))?.total ?? 0,
  }
}

function byName(query: Listed, filter: WorkspaceFilter): Listed {
  let matching = query
  for (const owner of filter.owners) {
    matching = matching.where(sql<boolean>`lower(users.username) = ${owner}`)
  }
  for (const part of filter.nameParts) {
    matching = matching.where(sql<boolean>`instr(lower(workspaces.name), ${part}) > 0`)
  }
  if (filter.template !== undefined) {
    matching = matching.where(sql<boolean>`lower(templates.name) = ${filter.template}`)
  }
  if (filter.organization !== undefined) {
    const { organization } = filter
    matching = matching.where(
      sql<boolean>`(organizations.id = ${organization} or lower(organizations.name) = ${organization})`,
    )
  }
  if (filter.ids) matching = matching.where('workspaces.id', 'in', filter.ids)
  return matching
}

function byState(query: Listed, filter: WorkspaceFilter): Listed {
  let matching = query
  const { statuses, outdated } = filter
  if (statuses) {
    matching = matching.where((where) => where.or(statuses.map((status) => statusCondition(status))))
  }
  if (outdated !== undefined) {
    matching = matching.where((where) =>
      where('build.template_version_id', outdated ? '!=' : '=', where.ref('templates.active_version_id')),
    )
  }
  if (filter.onlyDormant) matching = matching.where('workspaces.dormant_at', 'is not', null)
  if (filter.usedAfter !== undefined)
    matching = matching.where('workspaces.last_used_at', '>', filter.usedAfter)
  if (filter.usedBefore !== undefined) {
    matching = matching.where('workspaces.last_used_at', '<', filter.usedBefore)
  }
  for (const { name, value } of filter.parameters) {
    const sameValue = value === undefined ? sql`` : sql`and lower(parameter.value) = ${value}`
    matching = matching.where(
      sql<boolean>`exists (select 1 from workspace_build_parameters as parameter
        where parameter.build_id = build.id and lower(parameter.name) = ${name} ${sameValue})`,
    )
  }
  return matching
}

/** `workspaceStatusOf` as a condition. */
function statusCondition(status: string) {
  const running: Record<string, string> = { starting: 'start', stopping: 'stop', deleting: 'delete' }
  const ended: Record<string, string> = { running: 'start', stopped: 'stop', deleted: 'delete' }
  const during = running[status]
  if (during !== undefined) return sql<boolean>`(job.status = 'running' and build.transition = ${during})`
  const after = ended[status]
  if (after !== undefined) return sql<boolean>`(job.status = 'succeeded' and build.transition = ${after})`
  return sql<boolean>`job.status = ${status}`
}

function withAgents<T extends { readonly job_id: string }>(
  rows: readonly T[],
  agentStatuses: AgentStatuses,
  filter: WorkspaceFilter,
): T[] {
  const statuses = agentStatuses(rows.map((row) => row.job_id))
  return rows.filter((row) => {
    const held = statuses.get(row.job_id) ?? []
    return filter.agentStatuses.every((wanted) => held.some((status) => wanted.includes(status)))
  })
}
