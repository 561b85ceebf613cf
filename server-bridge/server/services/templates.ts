import { randomUUID } from 'node:crypto'
import type { CreateTemplateRequest, Template, UpdateTemplateMeta } from '../../contract/templates.ts'
import type { Clock } from '../../lib/clock.ts'
import { ApiError, badRequest, nameTaken, notFound } from '../api-error.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import { mayAct } from './authorization.ts'
import type { Actor } from './sessions.ts'
import type { TemplateRow } from './template-row.ts'
import { parseTemplateSearch } from './template-search.ts'
import { parseTemplateSettings, settingsFromRequest, updateSettings } from './template-settings.ts'
import type { TemplateSettings } from './template-settings.ts'
import type { Topics } from './topics.ts'
import type { TemplateUsage } from './template-usage.ts'
import type { TemplateView } from './template-view.ts'

export interface Templates {
  /** @throws {ApiError} 404 */
  get(id: string): TemplateRow
  getByName(organizationId: string, name: string): TemplateRow
  /** By active users, most first. @throws {ApiError} 400 for what cannot be searched. */
  search(query: string, actor: Actor, organizationId?: string): TemplateRow[]
  /** @throws {ApiError} 400, 404, 409 */
  create(organizationId: string, userId: string, request: CreateTemplateRequest): TemplateRow
  /** Changes what is given. @throws {ApiError} 400, 409 */
  update(template: TemplateRow, request: UpdateTemplateMeta): TemplateRow
  /** @throws {ApiError} 400 while workspaces of it exist. */
  remove(template: TemplateRow): void
  /** Makes a version the one that new workspaces get. */
  promote(templateId: string, versionId: string): void
  toWire(row: TemplateRow): Template
}

export interface TemplateDeps {
  readonly db: Database
  readonly clock: Clock
  readonly topics: Topics
  readonly usage: TemplateUsage
  readonly view: TemplateView
}

export function createTemplates({ db, clock, topics, usage, view }: TemplateDeps): Templates {
  const get = (id: string): TemplateRow => {
    const row = db.first(
      db.sql.selectFrom('templates').selectAll().where('id', '=', id).where('deleted', '=', 0),
    )
    if (!row) throw notFound()
    return row
  }

  /** Runs a write of a name; that another has it is found by the index. */
  const withFreeName = <T>(name: string, write: () => T): T => {
    try {
      return db.transaction(write)
    } catch (error) {
      if (isUniqueViolation(error)) throw nameTaken(`Template with name "${name}" already exists.`)
      throw error
    }
  }

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
      const filter = parseTemplateSearch(query, {
        caller: actor.user,
        findOrganization: (reference) => findOrganization(db, reference, actor.user.id),
      })
      const rows = db
        .all(
          db.sql
            .selectFrom('templates')
            .innerJoin('users', 'users.id', 'templates.created_by')
            .selectAll('templates')
            .select('users.username as author')
            .where('templates.deleted', '=', filter.deleted ? 1 : 0)
            .orderBy('templates.name'),
        )
        .filter(
          (row) =>
            mayAct(actor, 'read', { type: 'template', id: row.id }) &&
            (organizationId === undefined || row.organization_id === organizationId) &&
            filter.matches({ row, author: row.author }),
        )
      if (rows.length === 0) return []
      const active = usage.activeUsers(rows.map((row) => row.id))
      return rows.sort((a, b) => (active.get(b.id) ?? 0) - (active.get(a.id) ?? 0))
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
      withFreeName(row.name, () => {
        db.run(db.sql.insertInto('templates').values(row))
        db.run(
          db.sql
            .updateTable('template_versions')
            .set({ template_id: row.id, updated_at: now })
            .where('id', '=', version.id),
        )
      })
      return row
    },

    update(template, request) {
      const before = parseTemplateSettings(template.settings)
      const settings = updateSettings(before, request)
      const row: TemplateRow = {
        ...template,
        name: request.name || template.name,
        display_name: request.display_name ?? template.display_name,
        description: request.description ?? template.description,
        icon: request.icon ?? template.icon,
        // A deprecation needs a licence in Coder, and is ignored without.
        settings: JSON.stringify(settings),
        updated_at: clock.now(),
      }
      withFreeName(row.name, () => {
        db.run(db.sql.updateTable('templates').set(row).where('id', '=', row.id))
        touchWorkspaces(db, { templateId: row.id, now: row.updated_at, before, settings, request })
      })
      topics.template.publish(row.id)
      return row
    },

    remove(template) {
      db.transaction(() => {
        const workspace = db.first(
          db.sql
            .selectFrom('workspaces')
            .select('id')
            .where('template_id', '=', template.id)
            .where('deleted', '=', 0)
            .limit(1),
        )
        if (workspace) throw badRequest('All workspaces must be deleted before a template can be removed.')
        db.run(
          db.sql
            .updateTable('templates')
            .set({ deleted: 1, updated_at: clock.now() })
            .where('id', '=', template.id),
        )
      })
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
      const [template] = view([row])
      if (!template) throw new Error(`Template ${row.id} has no wire form.`)
      return template
    },
  }
}

function findOrganization(db: Database, reference: string, userId: string): string | undefined {
  return db
    .all(
      db.sql
        .selectFrom('organizations')
        .innerJoin('organization_members', 'organization_members.organization_id', 'organizations.id')
        .select(['organizations.id', 'organizations.name'])
        .where('organization_members.user_id', '=', userId),
    )
    .find(({ id, name }) => id === reference || name.toLowerCase() === reference)?.id
}

interface SettingsChange {
  readonly templateId: string
  readonly now: number
  readonly before: TemplateSettings
  readonly settings: TemplateSettings
  readonly request: UpdateTemplateMeta
}

/** What a change of the policy does to workspaces there are. */
function touchWorkspaces(db: Database, { templateId, now, before, settings, request }: SettingsChange): void {
  const living = db.sql
    .updateTable('workspaces')
    .where('template_id', '=', templateId)
    .where('deleted', '=', 0)
  if (request.update_workspace_last_used_at === true) db.run(living.set({ last_used_at: now }))
  const dormant = living.where('dormant_at', 'is not', null)
  if (request.update_workspace_dormant_at === true) db.run(dormant.set({ dormant_at: now }))
  const lifeMs = settings.time_til_dormant_autodelete_ms
  const isChanged = lifeMs !== before.time_til_dormant_autodelete_ms
  if (!isChanged && request.update_workspace_dormant_at !== true) return
  db.run(dormant.set((set) => ({ deleting_at: lifeMs === 0 ? null : set('dormant_at', '+', lifeMs) })))
}
