import type { PatchTemplateVersionRequest } from '../../contract/template-versions.ts'
import type { Clock } from '../../lib/clock.ts'
import { ApiError, badRequest, forbidden } from '../api-error.ts'
import { type Database, isUniqueViolation } from '../db/database.ts'
import type { TemplateRow } from './template-row.ts'
import type { Templates } from './templates.ts'
import type { Topics } from './topics.ts'
import type { TemplateVersions, VersionRow } from './template-versions.ts'

/** What can be done to versions there are. */
export interface TemplateVersionChanges {
  /** @throws {ApiError} 400 when another version of the template has the name. */
  patch(version: VersionRow, request: PatchTemplateVersionRequest): VersionRow
  /** @throws {ApiError} 400 when it is archived already or in use. */
  archive(version: VersionRow): void
  /** @throws {ApiError} 400 when it is not archived. */
  unarchive(version: VersionRow): void
  /** Archives what no workspace uses: versions whose import failed, or all. Answers their ids. */
  archiveUnused(template: TemplateRow, all: boolean): string[]
  /** @throws {ApiError} 400, 403, 404 for a version that new workspaces cannot get. */
  promote(template: TemplateRow, versionId: string): VersionRow
}

export interface TemplateVersionChangeDeps {
  readonly db: Database
  readonly clock: Clock
  readonly templates: Templates
  readonly versions: TemplateVersions
  readonly topics: Topics
}

export function createTemplateVersionChanges(deps: TemplateVersionChangeDeps): TemplateVersionChanges {
  const { db, clock, templates, versions, topics } = deps

  const set = (id: string, values: Partial<Pick<VersionRow, 'archived' | 'name' | 'message'>>): void => {
    db.run(
      db.sql
        .updateTable('template_versions')
        .set({ ...values, updated_at: clock.now() })
        .where('id', '=', id),
    )
  }

  return {
    patch(version, request) {
      const { name = '', message = version.message } = request
      try {
        set(version.id, { message, name: name === '' ? version.name : name })
      } catch (error) {
        if (!isUniqueViolation(error)) throw error
        throw new ApiError(400, {
          message: `A template version with name ${JSON.stringify(name)} already exists for this template.`,
          validations: [{ field: 'name', detail: 'This value is already in use and should be unique.' }],
        })
      }
      return versions.get(version.id)
    },

    archive(version) {
      db.transaction(() => {
        if (version.archived === 1) throw badRequest('This template version is already archived.')
        if (version.template_id !== null && usedVersions(db, version.template_id).has(version.id)) {
          throw badRequest(
            'Unable to archive specified version, the version is likely in use by a workspace or currently set ' +
              'to the active version.',
          )
        }
        set(version.id, { archived: 1 })
      })
    },
    unarchive(version) {
      if (version.archived === 0) throw badRequest('This template version is not archived.')
      set(version.id, { archived: 0 })
    },

    archiveUnused(template, all) {
      return db.transaction(() => {
        const used = usedVersions(db, template.id)
        const unused = versions.listOf(template.id, {}).filter((version) => {
          const job = versions.job(version)
          if (used.has(version.id) || job.completed_at === null) return false
          return all || job.status !== 'succeeded'
        })
        for (const { id } of unused) set(id, { archived: 1 })
        return unused.map(({ id }) => id)
      })
    },

    promote(template, versionId) {
      const promoted = db.transaction(() => {
        const version = versions.get(versionId)
        if (version.template_id !== template.id) {
          throw badRequest("The provided template version doesn't belong to the specified template.")
        }
        if (version.archived === 1) throw badRequest('The provided template version is archived.')
        if (versions.job(version).status !== 'succeeded') {
          throw forbidden('Only versions that have been built successfully can be promoted.')
        }
        templates.promote(template.id, version.id)
        return version
      })
      topics.template.publish(template.id)
      return promoted
    },
  }
}

/** The active version, and those the newest builds of living workspaces were made with. */
function usedVersions(db: Database, templateId: string): Set<string> {
  const active = db.all(
    db.sql.selectFrom('templates').select('active_version_id as id').where('id', '=', templateId),
  )
  const built = db.all(
    db.sql
      .selectFrom('workspaces')
      .innerJoin('workspace_builds', 'workspace_builds.workspace_id', 'workspaces.id')
      .select('workspace_builds.template_version_id as id')
      .where('workspaces.template_id', '=', templateId)
      .where('workspaces.deleted', '=', 0)
      .where((where) =>
        where(
          'workspace_builds.build_number',
          '=',
          where
            .selectFrom('workspace_builds as newest')
            .select((newest) => newest.fn.max('newest.build_number').as('number'))
            .whereRef('newest.workspace_id', '=', 'workspaces.id'),
        ),
      ),
  )
  return new Set([...active, ...built].map(({ id }) => id))
}
