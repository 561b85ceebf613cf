import { type Expression, sql, type SqlBool } from 'kysely'
import type { AuditLogEntry, AuditLogResponse } from '../../contract/audit.ts'
import type { User } from '../../contract/users.ts'
import { zeroUuid } from '../../contract/zero-values.ts'
import { isUuid } from '../../contract/uuid.ts'
import type { Database } from '../db/database.ts'
import type { Accounts } from './accounts.ts'
import type { AuditFilter } from './audit-search.ts'
import { indexBy } from './group-by.ts'
import { toWireTime } from './wire-time.ts'

export interface AuditPage {
  /** 0: the default. */
  readonly limit: number
  readonly offset: number
}
export type ReadAuditLog = (filter: AuditFilter, page: AuditPage) => AuditLogResponse

const DEFAULT_LIMIT = 100
const COUNT_CAP = 2000

/** Rows with the names of what they speak of, as far as that is still there. */
function auditRows(db: Database) {
  return db.sql
    .selectFrom('audit_logs')
    .leftJoin('users', 'users.id', 'audit_logs.user_id')
    .leftJoin('organizations', 'organizations.id', 'audit_logs.organization_id')
    .leftJoin('workspace_builds as build', 'build.id', 'audit_logs.resource_id')
    .leftJoin('workspaces as workspace', (join) =>
      join.on((on) =>
        on.or([
          on('workspace.id', '=', on.ref('audit_logs.resource_id')),
          on('workspace.id', '=', on.ref('build.workspace_id')),
        ]),
      ),
    )
    .leftJoin('users as workspace_owner', 'workspace_owner.id', 'workspace.owner_id')
    .leftJoin('templates as template', 'template.id', 'audit_logs.resource_id')
    .leftJoin('users as target_user', 'target_user.id', 'audit_logs.resource_id')
}

function conditions(filter: AuditFilter): Expression<SqlBool>[] {
  const found: Expression<SqlBool>[] = []
  const equal = (column: string, value: string | undefined): void => {
    if (value !== undefined) found.push(sql<SqlBool>`lower(${sql.ref(column)}) = ${value}`)
  }
  const among = (column: string, values: readonly string[] | undefined): void => {
    if (values) found.push(sql<SqlBool>`${sql.ref(column)} in (${sql.join([...values])})`)
  }
  among('audit_logs.resource_type', filter.resourceTypes)
  among('audit_logs.action', filter.actions)
  among('build.reason', filter.buildReasons)
  equal('users.username', filter.username)
  equal('users.email', filter.email)
  equal('audit_logs.resource_id', filter.resourceId)
  equal('audit_logs.resource_target', filter.resourceTarget)
  equal('audit_logs.request_id', filter.requestId)
  if (filter.from !== undefined) found.push(sql<SqlBool>`audit_logs.created_at >= ${filter.from}`)
  if (filter.until !== undefined) found.push(sql<SqlBool>`audit_logs.created_at < ${filter.until}`)
  if (filter.organization !== undefined) {
    const wanted = filter.organization
    found.push(sql<SqlBool>`(organizations.id = ${wanted} or lower(organizations.name) = ${wanted})`)
  }
  return found
}

function listQuery(db: Database, filter: AuditFilter, { limit, offset }: AuditPage) {
  return auditRows(db)
    .selectAll('audit_logs')
    .select([
      'organizations.name as organization_name',
      'organizations.display_name as organization_display_name',
      'organizations.icon as organization_icon',
      'build.build_number',
      'build.reason as build_reason',
      'workspace.id as workspace_id',
      'workspace.name as workspace_name',
      'workspace.deleted as workspace_deleted',
      'workspace_owner.username as workspace_owner_name',
      'template.id as template_id',
      'template.name as template_name',
      'template.icon as template_icon',
      'template.deleted as template_deleted',
      'target_user.username as target_username',
    ])
    .where((where) => where.and(conditions(filter)))
    .orderBy('audit_logs.created_at', 'desc')
    .orderBy(sql`audit_logs.rowid`, 'desc')
    .limit(limit === 0 ? DEFAULT_LIMIT : limit)
    .offset(offset)
}

type AuditRow =
  ReturnType<ReturnType<typeof listQuery>['compile']> extends { query: unknown }
    ? Awaited<ReturnType<ReturnType<typeof listQuery>['execute']>>[number]
    : never

/** Reads pages of the audit log in wire form. */
export function createAuditReader(db: Database, accounts: Pick<Accounts, 'toWirePage'>): ReadAuditLog {
  const usersOf = (rows: readonly AuditRow[]): Map<string, User> => {
    const ids = [...new Set(rows.map((row) => row.user_id ?? ''))].filter(Boolean)
    if (ids.length === 0) return new Map()
    const found = db.all(db.sql.selectFrom('users').selectAll().where('id', 'in', ids))
    return indexBy(accounts.toWirePage(found), ({ id }) => id)
  }
  return (filter, page) => {
    const rows = db.all<AuditRow>(listQuery(db, filter, page))
    const users = usersOf(rows)
    const matching = auditRows(db)
      .select('audit_logs.id')
      .where((where) => where.and(conditions(filter)))
      .limit(COUNT_CAP)
    const counted = db.first<{ count: number }>(
      db.sql.selectFrom(matching.as('matching')).select((select) => select.fn.countAll<number>().as('count')),
    )
    return {
      audit_logs: rows.map((row) => {
        return { ...toWire(row), user: users.get(row.user_id ?? '') ?? null }
      }),
      count: counted?.count ?? 0,
      count_cap: COUNT_CAP,
    }
  }
}

function toWire(row: AuditRow): AuditLogEntry {
  return {
    id: row.id,
    request_id: row.request_id,
    time: toWireTime(row.created_at),
    ip: row.ip,
    user_agent: row.user_agent,
    resource_type: row.resource_type,
    // Ids of keys are no uuids.
    resource_id: isUuid(row.resource_id) ? row.resource_id : zeroUuid,
    resource_target: row.resource_target,
    resource_icon: row.template_icon ?? '',
    action: row.action,
    diff: {},
    status_code: row.status_code,
    additional_fields: additionalFields(row),
    description: describe(row),
    resource_link: linkOf(row),
    is_deleted: isDeleted(row),
    organization_id: row.organization_id ?? zeroUuid,
    ...(row.organization_id !== null && row.organization_name !== null
      ? {
          organization: {
            id: row.organization_id,
            name: row.organization_name,
            display_name: row.organization_display_name ?? '',
            icon: row.organization_icon ?? '',
          },
        }
      : {}),
  }
}

function additionalFields(row: AuditRow): Readonly<Record<string, string>> {
  if (row.build_number === null) return {}
  return {
    workspace_name: row.workspace_name ?? '',
    workspace_owner: row.workspace_owner_name ?? '',
    build_number: String(row.build_number),
    build_reason: row.build_reason ?? '',
  }
}

const VERBS: Readonly<Record<string, string>> = {
  create: 'created',
  write: 'updated',
  delete: 'deleted',
  start: 'started',
  stop: 'stopped',
  login: 'logged in',
  logout: 'logged out',
  open: 'opened',
}

/** Clients put the names in for `{user}` and `{target}`. */
function describe(row: AuditRow): string {
  const verb = VERBS[row.action] ?? row.action
  const failed = row.status_code >= 400
  const did = failed ? `unsuccessfully attempted to ${row.action}` : verb
  if (row.action === 'login' || row.action === 'logout') return `{user} ${failed ? did : verb}`
  const build = row.resource_type === 'workspace_build' ? 'build for workspace' : undefined
  return `{user} ${did} ${build ?? row.resource_type.replaceAll('_', ' ')} {target}`
}

function isDeleted(row: AuditRow): boolean {
  switch (row.resource_type) {
    case 'workspace':
    case 'workspace_build':
      return row.workspace_deleted !== 0
    case 'template':
      return row.template_deleted !== 0
    case 'user':
      return row.target_username === null
    default:
      return false
  }
}

function linkOf(row: AuditRow): string {
  if (isDeleted(row)) return ''
  const owner = row.workspace_owner_name ?? ''
  switch (row.resource_type) {
    case 'workspace':
      return `/@${owner}/${row.workspace_name ?? ''}`
    case 'workspace_build':
      return `/@${owner}/${row.workspace_name ?? ''}/builds/${row.build_number ?? ''}`
    case 'template':
      return `/templates/${row.template_name ?? ''}`
    case 'user':
      return `/users?filter=${encodeURIComponent(row.target_username ?? '')}`
    default:
      return ''
  }
}
