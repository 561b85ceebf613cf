import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '../../lib/logger.ts'
import type { Files } from './files.ts'
import { parseFrontMatter } from './front-matter.ts'
import type { JobRecords } from './job-records.ts'
import type { Organizations } from './organizations.ts'
import type { TemplateVersions } from './template-versions.ts'
import type { Templates } from './templates.ts'
import type { Topics } from './topics.ts'
import { type TarEntry, writeTar } from './write-tar.ts'

export interface ShippedTemplates {
  /** Imports every shipped template in the name of a user, and waits until each can be used. */
  readonly importAll: (userId: string) => Promise<void>
}

export interface ShippedTemplateDeps {
  readonly directory: string | undefined
  readonly files: Files
  readonly versions: TemplateVersions
  readonly templates: Templates
  readonly organizations: Organizations
  readonly jobs: JobRecords
  readonly topics: Topics
  readonly logger: Logger
}

/** All plain files below a folder, by relative path with slashes, in a stable order. */
function readTree(folder: string, prefix = ''): TarEntry[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name)
      if (statSync(path).isDirectory()) return readTree(path, `${prefix}${name}/`)
      return [{ name: prefix + name, content: readFileSync(path) }]
    })
}

export function createShippedTemplates(deps: ShippedTemplateDeps): ShippedTemplates {
  const { directory, files, versions, templates, organizations, jobs, topics, logger } = deps

  const waitForImport = (jobId: string): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        const job = jobs.get(jobId)
        if (job.completed_at === null) return
        unsubscribe()
        if (job.status !== 'succeeded') {
          logger.error('A shipped template could not be imported', { jobId, reason: job.error })
        }
        resolve()
      }
      const unsubscribe = topics.job.subscribe(jobId, check)
      check()
    })

  const importOne = async (folder: string, name: string, userId: string): Promise<void> => {
    const entries = readTree(join(folder, name))
    const readme = entries.find((entry) => entry.name === 'README.md')
    const about = parseFrontMatter(readme ? Buffer.from(readme.content).toString('utf8') : '')
    const organizationId = organizations.default().id
    const { id: fileId } = files.store(userId, 'application/x-tar', writeTar(entries))
    const version = versions.create(organizationId, userId, {
      storage_method: 'file',
      file_id: fileId,
      provisioner: 'terraform',
      tags: {},
    })
    templates.create(organizationId, userId, {
      name,
      display_name: about['display_name'] ?? '',
      description: about['description'] ?? '',
      icon: about['icon'] ?? '',
      template_version_id: version.id,
      allow_user_cancel_workspace_jobs: true,
      disable_everyone_group_access: false,
      require_active_version: false,
    })
    await waitForImport(version.job_id)
  }

  return {
    async importAll(userId) {
      if (directory === undefined) return
      for (const name of readdirSync(directory).sort()) await importOne(directory, name, userId)
    },
  }
}
