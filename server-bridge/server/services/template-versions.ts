import { randomUUID } from 'node:crypto'
import { sql, type Selectable } from 'kysely'
import type {
  CreateTemplateVersionRequest,
  Preset,
  TemplateVersion,
  TemplateVersionParameter,
  TemplateVersionVariable,
} from '../../contract/template-versions.ts'
import type { Clock } from '../../lib/clock.ts'
import { ApiError, badRequest, notFound } from '../api-error.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import type { TemplateVersionsTable } from '../db/tables/template-versions.ts'
import { toMinimalUser } from './accounts.ts'
import type { JobRecords, JobRow } from './job-records.ts'
import { indexBy, mustGet } from './group-by.ts'
import { randomAlphanumeric } from './secret-tokens.ts'
import { toWireTime } from './wire-time.ts'

export type VersionRow = Selectable<TemplateVersionsTable>

export interface TemplateVersions {
  /** @throws {ApiError} 404 */
  get(id: string): VersionRow
  job(version: VersionRow): JobRow
  /** @throws {ApiError} 404 */
  getByName(templateId: string, name: string): VersionRow
  /** The version of the same template that was made before this one. */
  previous(version: VersionRow): VersionRow | undefined
  /** Oldest first. @throws {ApiError} 400 for an `afterId` that is not there. */
  listOf(templateId: string, page: VersionPage): VersionRow[]
  /** Makes a version of a file, whose import waits for the worker. @throws {ApiError} 404, 409 */
  create(organizationId: string, userId: string, request: CreateTemplateVersionRequest): VersionRow
  parameters(version: VersionRow): TemplateVersionParameter[]
  variables(version: VersionRow): TemplateVersionVariable[]
  presets(version: VersionRow): Preset[]
  toWire(rows: readonly VersionRow[]): TemplateVersion[]
}

export interface VersionPage {
  readonly limit?: number | undefined
  readonly offset?: number | undefined
  readonly afterId?: string | undefined
  readonly includeArchived?: boolean | undefined
}

export interface TemplateVersionDeps {
  readonly db: Database
  readonly clock: Clock
  readonly jobs: JobRecords
  readonly onJobQueued: () => void
}

export function createTemplateVersions({
  db,
  clock,
  jobs,
  onJobQueued,
}: TemplateVersionDeps): TemplateVersions {
  const insert = (
    organizationId: string,
    userId: string,
    request: CreateTemplateVersionRequest,
  ): VersionRow => {
    const now = clock.now()
    const id = randomUUID()
    const fileId = request.file_id ?? ''
    const jobId = jobs.insert({
      type: 'template_version_import',
      fileId,
      organizationId,
      initiatorId: userId,
      templateVersionId: id,
      tags: request.tags['scope'] === 'user' ? { ...request.tags, owner: userId } : request.tags,
    })
    const row: VersionRow = {
      id,
      template_id: request.template_id ?? null,
      organization_id: organizationId,
      name: request.name || randomAlphanumeric(10).toLowerCase(),
      message: request.message ?? '',
      readme: '',
      job_id: jobId,
      file_id: fileId,
      created_by: userId,
      archived: 0,
      user_variable_values: JSON.stringify(request.user_variable_values ?? []),
      parameters: '[]',
      variables: '[]',
      presets: '[]',
      created_at: now,
      updated_at: now,
    }
    db.run(db.sql.insertInto('template_versions').values(row))
    return row
  }

  /** Oldest first; of two made in one millisecond the one stored first. */
  const listAll = (templateId: string): VersionRow[] =>
    db.all(
      db.sql
        .selectFrom('template_versions')
        .selectAll()
        .where('template_id', '=', templateId)
        .orderBy('created_at')
        .orderBy(sql`rowid`),
    )

  return {
    get(id) {
      const row = db.first(db.sql.selectFrom('template_versions').selectAll().where('id', '=', id))
      if (!row) throw notFound()
      return row
    },
    job: (version) => jobs.get(version.job_id),
    getByName(templateId, name) {
      const row = db.first(
        db.sql
          .selectFrom('template_versions')
          .selectAll()
          .where('template_id', '=', templateId)
          .where((where) => where(where.fn('lower', ['name']), '=', name.toLowerCase())),
      )
      if (!row) throw notFound()
      return row
    },
    previous(version) {
      const rows = listAll(version.template_id ?? '')
      return rows[rows.findIndex((row) => row.id === version.id) - 1]
    },

    listOf(templateId, page) {
      const rows = listAll(templateId).filter((row) => page.includeArchived === true || row.archived === 0)
      let start = page.offset ?? 0
      if (page.afterId !== undefined) {
        const at = rows.findIndex((row) => row.id === page.afterId)
        if (at === -1) {
          throw badRequest(`Record at "after_id" (${JSON.stringify(page.afterId)}) does not exists.`)
        }
        start += at + 1
      }
      return page.limit === undefined || page.limit === 0
        ? rows.slice(start)
        : rows.slice(start, start + page.limit)
    },

    create(organizationId, userId, request) {
      const file = db.first(
        db.sql
          .selectFrom('files')
          .select('id')
          .where('id', '=', request.file_id ?? ''),
      )
      if (!file) throw new ApiError(404, { message: 'File not found.' })
      if (request.template_id !== undefined) {
        const template = db.first(
          db.sql
            .selectFrom('templates')
            .select('id')
            .where('id', '=', request.template_id)
            .where('deleted', '=', 0),
        )
        if (!template) throw new ApiError(404, { message: 'Template does not exist.' })
      }
      try {
        const row = db.transaction(() => insert(organizationId, userId, request))
        onJobQueued()
        return row
      } catch (error) {
        if (!isUniqueViolation(error)) throw error
        throw new ApiError(409, {
          message: `A template version with name "${request.name ?? ''}" already exists for this template.`,
          validations: [{ field: 'name', detail: 'This value is already in use and should be unique.' }],
        })
      }
    },

    parameters: (version) => JSON.parse(version.parameters) as TemplateVersionParameter[],
    variables: (version) => JSON.parse(version.variables) as TemplateVersionVariable[],
    presets: (version) => JSON.parse(version.presets) as Preset[],

    toWire(rows) {
      if (rows.length === 0) return []
      const jobsById = jobs.toWire(rows.map((row) => row.job_id))
      const authors = indexBy(
        db.all(
          db.sql
            .selectFrom('users')
            .selectAll()
            .where('id', 'in', [...new Set(rows.map((row) => row.created_by))]),
        ),
        (user) => user.id,
      )
      return rows.map((row) => ({
        id: row.id,
        template_id: row.template_id ?? undefined,
        organization_id: row.organization_id,
        created_at: toWireTime(row.created_at),
        updated_at: toWireTime(row.updated_at),
        name: row.name,
        message: row.message,
        job: mustGet(jobsById, row.job_id),
        readme: row.readme,
        created_by: toMinimalUser(mustGet(authors, row.created_by)),
        archived: row.archived === 1,
        warnings: [],
        matched_provisioners: { count: 1, available: 1, most_recently_seen: toWireTime(clock.now()) },
        has_external_agent: false,
      }))
    },
  }
}
