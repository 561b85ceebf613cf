import { sql } from 'kysely'
import type { Database } from '../db/database.ts'
import type { AgentStatuses } from './agent-statuses.ts'
import { indexBy, mustGet } from './group-by.ts'
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

/**
 * Living workspaces with what a search can ask about. Joined from the left, as each finds one row and the database then
 * leaves out what a search does not ask for.
 */
const listed = (db: Database) =>
  db.sql
    .selectFrom('workspaces')
    .innerJoin('users', 'users.id', 'workspaces.owner_id')
    .leftJoin('organizations', 'organizations.id', 'workspaces.organization_id')
    .leftJoin('templates', 'templates.id', 'workspaces.template_id')
    .leftJoin('workspace_builds as build', 'build.id', 'workspaces.latest_build_id')
    .where('workspaces.deleted', '=', 0)
    .where('workspaces.latest_build_id', 'is not', null)
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
    .select('workspaces.id')
    .orderBy(sql`case when workspaces.favorite = 1 and workspaces.owner_id = ${callerId} then 0 else 1 end`)
    .orderBy(
      sql`case when workspaces.latest_transition = 'start' and workspaces.latest_job_status = 'succeeded' then 0 else 1 end`,
    )
    .orderBy(sql`lower(users.username)`)
    .orderBy(sql`lower(workspaces.name)`)
    .orderBy('workspaces.id')
  const end = limit === 0 ? undefined : offset + limit
  if (filter.agentStatuses.length > 0) {
    const held = withAgents(db.all(ordered.select('build.job_id')), agentStatuses, filter)
    return { rows: rowsOf(db, held.slice(offset, end)), count: held.length }
  }
  if (end === undefined) {
    const all = db.all(ordered)
    return { rows: rowsOf(db, all.slice(offset)), count: all.length }
  }
  return {
    rows: rowsOf(db, db.all(ordered.limit(limit).offset(offset))),
    count: countOf(db, matching),
  }
}

/** The limit keeps the rows a query of their own: in one that only counts, the database would do every join. */
function countOf(db: Database, matching: Listed): number {
  const rows = matching.select('workspaces.id').limit(-1).as('matching')
  const counted = db.sql.selectFrom(rows).select((select) => select.fn.countAll<number>().as('total'))
  return db.first(counted)?.total ?? 0
}

/** Whole rows in the order of their ids: sorting would carry every column of all that match. */
function rowsOf(db: Database, page: readonly { readonly id: string }[]): WorkspaceRow[] {
  const ids = page.map(({ id }) => id)
  const rows = indexBy(
    db.all(db.sql.selectFrom('workspaces').selectAll().where('id', 'in', ids)),
    ({ id }) => id,
  )
  return ids.map((id) => mustGet(rows, id))
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
  if (during !== undefined)
    return sql<boolean>`(workspaces.latest_job_status = 'running' and workspaces.latest_transition = ${during})`
  const after = ended[status]
  if (after !== undefined)
    return sql<boolean>`(workspaces.latest_job_status = 'succeeded' and workspaces.latest_transition = ${after})`
  return sql<boolean>`workspaces.latest_job_status = ${status}`
}

function withAgents<T extends { readonly job_id: string | null }>(
  rows: readonly T[],
  agentStatuses: AgentStatuses,
  filter: WorkspaceFilter,
): T[] {
  const statuses = agentStatuses(rows.flatMap(({ job_id }) => (job_id === null ? [] : [job_id])))
  return rows.filter((row) => {
    const held = statuses.get(row.job_id ?? '') ?? []
    return filter.agentStatuses.every((wanted) => held.some((status) => wanted.includes(status)))
  })
}
