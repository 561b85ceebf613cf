import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { CreateTemplateRequest, Template } from '../../contract/templates.ts'
import type { Clock } from '../../lib/clock.ts'
import { ApiError, nameTaken, notFound } from '../api-error.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import type { TemplatesTable } from '../db/tables/templates.ts'
import { mayAct } from './authorization.ts'
import { booleanTerm, listTerm, parseSearchQuery, singleTerm } from './search-query.ts'
import type { Actor } from './sessions.ts'
import { parseTemplateSettings, settingsFromRequest, type TemplateSettings } from './template-settings.ts'
import { toWireTime } from './wire-time.ts'

export type TemplateRow = Selectable<TemplatesTable>

export interface Templates {
  /** @throws {ApiError} 404 */
  get(id: string): TemplateRow
  getByName(organizationId: string, name: string): TemplateRow
  search(query: string, actor: Actor, organizationId?: string): TemplateRow[]
  /** @throws {ApiError} 400, 404, 409 */
  create(organizationId: string, userId: string, request: CreateTemplateRequest): TemplateRow
  /** Makes a version the one that new workspaces get. */
  promote(templateId: string, versionId: string): void
  toWire(row: TemplateRow): Template
}

const DAY_MS = 24 * 3_600_000
const SEARCH_KEYS = new Set([
  'display_name',
  'name',
  'exact_name',
  'exact_display_name',
  'ids',
  'organization',
  'deprecated',
  'deleted',
  'author',
  'author_id',
  'has-ai-task',
  'has_external_agent',
  'agents-allowed',
])

export function createTemplates(db: Database, clock: Clock): Templates {
  const get = (id: string): TemplateRow => {
    const row = db.first(
      db.sql.selectFrom('templates').selectAll().where('id', '=', id).where('deleted', '=', 0),
    )
    if (!row) throw notFound()
    return row
  }

  const activeUsers = (templateId: string): number =>
    db.first(
      db.sql
        .selectFrom('workspaces')
        .select((select) => select.fn.count<number>('owner_id').distinct().as('users'))
        .where('template_id', '=', templateId)
        .where('last_used_at', '>', clock.now() - DAY_MS),
    )?.users ?? 0

  return {
    get,
    getByName(organizationId, name) {
      const row = db.first(
        db.sql
          .selectFrom('templates')
          .selectAll()
          .where('organization_id', '=', organizationId)
          .where('deleted', '=', 0)
          .where((where) => where(where.fn('lower', ['name']), '=', name.toLowerCase())),
      )
      if (!row) throw notFound()
      return row
    },

    search(query, actor, organizationId) {
      const terms = parseSearchQuery(query, 'display_name', SEARCH_KEYS)
      const text = (key: string): string | undefined => singleTerm(terms, key)
      const authorName = text('author') === 'me' ? actor.user.username.toLowerCase() : text('author')
      const ids = listTerm(terms, 'ids')
      const deprecated = booleanTerm(terms, 'deprecated') ?? false
      const agentsAllowed = booleanTerm(terms, 'agents-allowed')
      const impossible =
        booleanTerm(terms, 'has-ai-task') === true || booleanTerm(terms, 'has_external_agent') === true
      const organization = text('organization')
      const rows = db.all(
        db.sql
          .selectFrom('templates')
          .innerJoin('users', 'users.id', 'templates.created_by')
          .innerJoin('organizations', 'organizations.id', 'templates.organization_id')
          .selectAll('templates')
          .select(['users.username as author', 'organizations.name as organization'])
          .where('templates.deleted', '=', booleanTerm(terms, 'deleted') === true ? 1 : 0)
          .orderBy('templates.name'),
      )
      const contains = (held: string, part: string | undefined): boolean =>
        part === undefined || held.toLowerCase().includes(part)
      const equals = (held: string, wanted: string | undefined): boolean =>
        wanted === undefined || held.toLowerCase() === wanted
      const readable = rows.filter(({ id }) => mayAct(actor, 'read', { type: 'template', id }))
      return readable.filter((row) =>
        [
          !impossible,
          organizationId === undefined || row.organization_id === organizationId,
          organization === undefined ||
            row.organization_id === organization ||
            equals(row.organization, organization),
          contains(row.display_name || row.name, text('display_name')),
          contains(row.name, text('name')),
          equals(row.name, text('exact_name')),
          equals(row.display_name, text('exact_display_name')),
          equals(row.author, authorName),
          equals(row.created_by, text('author_id')),
          !ids || ids.includes(row.id),
          (row.deprecation_message !== '') === deprecated,
          agentsAllowed === undefined || parseTemplateSettings(row.settings).agents_allowed === agentsAllowed,
        ].every(Boolean),
      )
    },

    create(organizationId, userId, request) {
      const version = db.first(
        db.sql
          .selectFrom('template_versions')
          .select(['id', 'template_id', 'archived'])
          .where('id', '=', request.template_version_id),
      )
      const refuse = (status: number, detail: string): ApiError =>
        new ApiError(status, {
          message: `Template version ${JSON.stringify(request.template_version_id)} cannot be used: ${detail}`,
          validations: [{ field: 'template_version_id', detail }],
        })
      if (!version) throw refuse(404, 'Template version does not exist.')
      if (version.archived === 1) throw refuse(400, 'Template version is archived.')
      if (version.template_id !== null) throw refuse(400, 'Template version belongs to a template already.')
      const now = clock.now()
      const settings: TemplateSettings = settingsFromRequest(request)
      const row: TemplateRow = {
        id: randomUUID(),
        organization_id: organizationId,
        name: request.name,
        display_name: request.display_name ?? '',
        description: request.description ?? '',
        icon: request.icon ?? '',
        active_version_id: version.id,
        created_by: userId,
        deprecation_message: '',
        settings: JSON.stringify(settings),
        deleted: 0,
        created_at: now,
        updated_at: now,
      }
      try {
        db.transaction(() => {
          db.run(db.sql.insertInto('templates').values(row))
          db.run(
            db.sql
              .updateTable('template_versions')
              .set({ template_id: row.id, updated_at: now })
              .where('id', '=', version.id),
          )
        })
      } catch (error) {
        if (isUniqueViolation(error)) throw nameTaken(`Template with name "${request.name}" already exists.`)
        throw error
      }
      return row
    },

    promote(templateId, versionId) {
      db.run(
        db.sql
          .updateTable('templates')
          .set({ active_version_id: versionId, updated_at: clock.now() })
          .where('id', '=', templateId),
      )
    },

    toWire(row) {
      const settings = parseTemplateSettings(row.settings)
      const organization = db.first(
        db.sql.selectFrom('organizations').selectAll().where('id', '=', row.organization_id),
      )
      const author = db.first(db.sql.selectFrom('users').select('username').where('id', '=', row.created_by))
      const noStats = { P50: null, P95: null }
      return {
        ...settings,
        id: row.id,
        created_at: toWireTime(row.created_at),
        updated_at: toWireTime(row.updated_at),
        organization_id: row.organization_id,
        organization_name: organization?.name ?? '',
        organization_display_name: organization?.display_name ?? '',
        organization_icon: organization?.icon ?? '',
        name: row.name,
        display_name: row.display_name,
        provisioner: 'terraform',
        active_version_id: row.active_version_id,
        active_user_count: activeUsers(row.id),
        build_time_stats: { start: noStats, stop: noStats, delete: noStats },
        description: row.description,
        deprecated: row.deprecation_message !== '',
        deprecation_message: row.deprecation_message,
        deleted: row.deleted === 1,
        icon: row.icon,
        created_by_id: row.created_by,
        created_by_name: author?.username ?? '',
        max_port_share_level: 'public',
        disable_module_cache: false,
      }
    },
  }
}
