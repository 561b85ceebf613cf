import type { Logger } from '../../lib/logger.ts'
import type { ShippedTemplate } from '../../provisioner/shipped-templates.ts'
import { shippedVersionName } from '../version.ts'
import type { Files } from './files.ts'
import type { JobRecords } from './job-records.ts'
import type { Organizations } from './organizations.ts'
import type { TemplateVersions } from './template-versions.ts'
import type { Templates } from './templates.ts'
import type { Topics } from './topics.ts'

export type ListShippedTemplates = () => Promise<readonly ShippedTemplate[]>

export interface ShippedTemplateDeps {
  readonly list: ListShippedTemplates
  readonly files: Files
  readonly versions: TemplateVersions
  readonly templates: Templates
  readonly organizations: Organizations
  readonly jobs: JobRecords
  readonly topics: Topics
  readonly logger: Logger
}

/** Imports every shipped template in the name of a user, and waits until each can be used. */
export type ImportShippedTemplates = (userId: string) => Promise<void>

export function createShippedTemplateImport(deps: ShippedTemplateDeps): ImportShippedTemplates {
  const { files, versions, templates, organizations, jobs, topics, logger } = deps

  const waitForImport = (jobId: string): Promise<void> =>
    new Promise((resolve) => {
      let unsubscribe = (): void => undefined
      const check = (): void => {
        const job = jobs.get(jobId)
        if (job.completed_at === null) return
        unsubscribe()
        if (job.status !== 'succeeded') {
          logger.error('A shipped template could not be imported', { jobId, reason: job.error })
        }
        resolve()
      }
      unsubscribe = topics.job.subscribe(jobId, check)
      check()
    })

  const importOne = async (template: ShippedTemplate, userId: string): Promise<void> => {
    const organizationId = organizations.default().id
    const { id: fileId } = files.store(userId, 'application/x-tar', template.archive)
    const version = versions.create(organizationId, userId, {
      name: shippedVersionName,
      storage_method: 'file',
      file_id: fileId,
      provisioner: 'terraform',
      tags: {},
    })
    templates.create(organizationId, userId, {
      name: template.name,
      display_name: template.displayName,
      description: template.description,
      icon: template.icon,
      template_version_id: version.id,
      allow_user_cancel_workspace_jobs: true,
      disable_everyone_group_access: false,
      require_active_version: false,
    })
    await waitForImport(version.job_id)
  }

  return async (userId) => {
    for (const template of await deps.list()) await importOne(template, userId)
  }
}
