import type { Logger } from '../../lib/logger.ts'
import type { ShippedTemplate } from '../../provisioner/shipped-templates.ts'
import type { Database } from '../db/database.ts'
import { shippedVersionName } from '../version.ts'
import type { Files } from './files.ts'
import type { JobRecords } from './job-records.ts'
import type { Organizations } from './organizations.ts'
import { createSeededTemplates } from './seeded-templates.ts'
import type { TemplateVersions, VersionRow } from './template-versions.ts'
import type { Templates } from './templates.ts'
import type { Topics } from './topics.ts'

/** How often an import that failed is tried again, over all starts: each try leaves a version behind. */
const MAX_RETRIES = 3

export type ListShippedTemplates = () => Promise<readonly ShippedTemplate[]>

export interface ShippedTemplateDeps {
  readonly db: Database
  readonly list: ListShippedTemplates
  readonly files: Files
  readonly versions: TemplateVersions
  readonly templates: Templates
  readonly organizations: Organizations
  readonly jobs: JobRecords
  readonly topics: Topics
  readonly logger: Logger
}

/**
 * Imports every shipped template that the data folder has not had yet, in the name of a user, and waits until each can be
 * used. Each comes once: one that was edited, renamed or deleted since, or whose name was taken before it came, is left
 * alone. What an earlier run did not get to, or was stopped in, is made up for. One that fails does not keep the others
 * from coming.
 *
 * @throws what reading the list of them throws.
 */
export type ImportShippedTemplates = (userId: string) => Promise<void>

export function createShippedTemplateImport(deps: ShippedTemplateDeps): ImportShippedTemplates {
  const { db, files, versions, templates, organizations, jobs, topics, logger } = deps
  const seeded = createSeededTemplates(db)
  let running: Promise<void> | undefined
  /** What comes with a release stays the same while it runs. */
  let isDone = false

  const waitForImport = (jobId: string): Promise<boolean> =>
    new Promise((resolve) => {
      let unsubscribe = (): void => undefined
      const check = (): void => {
        const job = jobs.get(jobId)
        if (job.completed_at === null) return
        unsubscribe()
        if (job.status !== 'succeeded') {
          logger.error('A shipped template could not be imported', { jobId, reason: job.error })
        }
        resolve(job.status === 'succeeded')
      }
      unsubscribe = topics.job.subscribe(jobId, check)
      check()
    })

  const createVersion = (template: ShippedTemplate, userId: string, templateId?: string): VersionRow => {
    const { id: fileId } = files.store(userId, 'application/x-tar', template.archive)
    return versions.create(organizations.default().id, userId, {
      // Named after the release once; what replaces a version that failed gets a name of its own.
      ...(templateId === undefined ? { name: shippedVersionName } : { template_id: templateId }),
      storage_method: 'file',
      file_id: fileId,
      provisioner: 'terraform',
      tags: {},
    })
  }

  const createTemplate = (template: ShippedTemplate, userId: string): Promise<boolean> =>
    waitForImport(
      db.transaction(() => {
        seeded.set(template.name, 'importing')
        const version = createVersion(template, userId)
        templates.create(organizations.default().id, userId, {
          name: template.name,
          display_name: template.displayName,
          description: template.description,
          icon: template.icon,
          template_version_id: version.id,
          allow_user_cancel_workspace_jobs: true,
          disable_everyone_group_access: false,
          require_active_version: false,
        })
        return version.job_id
      }),
    )

  const findTemplate = (name: string) =>
    db.first(
      db.sql
        .selectFrom('templates')
        .innerJoin('template_versions', 'template_versions.id', 'templates.active_version_id')
        .select(['templates.id', 'templates.active_version_id', 'template_versions.job_id'])
        .where('templates.organization_id', '=', organizations.default().id)
        // Names are unique whatever their case.
        .where((where) => where(where.fn('lower', ['templates.name']), '=', name.toLowerCase()))
        .where('templates.deleted', '=', 0),
    )

  /** Whether it needs nothing more. */
  const importOne = async (template: ShippedTemplate, userId: string): Promise<boolean> => {
    const known = findTemplate(template.name)
    if (seeded.state(template.name) === undefined) {
      if (!known) return createTemplate(template, userId)
      logger.info('A shipped template does not come, because another one has its name', {
        name: template.name,
      })
      return true
    }
    // Deleted or renamed before its import ended.
    if (!known) return true
    if (await waitForImport(known.job_id)) return true
    if (seeded.retries(template.name) >= MAX_RETRIES) {
      logger.error('A shipped template is given up, because its import keeps failing', {
        name: template.name,
      })
      return true
    }
    const version = createVersion(template, userId, known.id)
    if (!(await waitForImport(version.job_id))) {
      seeded.countRetry(template.name)
      return false
    }
    promoteInPlaceOf(known.active_version_id, known.id, version.id)
    return true
  }

  /** Its administrator may have chosen another version while this one was imported, and that one stays. */
  const promoteInPlaceOf = (failedId: string, templateId: string, versionId: string): void =>
    db.transaction(() => {
      const isStillFailed = db.first(
        db.sql
          .selectFrom('templates')
          .select('id')
          .where('id', '=', templateId)
          .where('active_version_id', '=', failedId),
      )
      if (isStillFailed) templates.promote(templateId, versionId)
    })

  const importOrLog = async (template: ShippedTemplate, userId: string): Promise<boolean> => {
    try {
      return await importOne(template, userId)
    } catch (error) {
      logger.error('A shipped template could not be imported', { name: template.name, error: String(error) })
      return false
    }
  }

  const importAll = async (userId: string): Promise<void> => {
    let areSettled = true
    for (const template of await deps.list()) {
      if (seeded.state(template.name) === 'settled') continue
      if (await importOrLog(template, userId)) seeded.set(template.name, 'settled')
      else areSettled = false
    }
    isDone = areSettled
  }

  return async (userId) => {
    if (isDone) return
    running ??= importAll(userId).finally(() => {
      running = undefined
    })
    await running
  }
}
