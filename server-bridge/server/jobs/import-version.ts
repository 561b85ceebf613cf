import { randomUUID } from 'node:crypto'
import type { Clock } from '../../lib/clock.ts'
import type { Provisioner } from '../../provisioner/provisioner.ts'
import type { Database } from '../db/database.ts'
import type { Files } from '../services/files.ts'
import type { JobLogs } from '../services/job-logs.ts'
import type { PlanRecords } from '../services/plan-records.ts'
import type { TemplateVersions } from '../services/template-versions.ts'
import { toVariableValues } from '../services/variable-values.ts'
import type { RunJob } from './job-worker.ts'
import { createJobLogger } from './job-logger.ts'

export interface ImportVersionDeps {
  readonly db: Database
  readonly clock: Clock
  readonly provisioner: Provisioner
  readonly versions: TemplateVersions
  readonly files: Files
  readonly plans: PlanRecords
  readonly logs: JobLogs
}

/** Reads an uploaded template: what it asks for, and what it would make. */
export function createImportVersion(deps: ImportVersionDeps): RunJob {
  const { db, clock, provisioner, versions, files, plans, logs } = deps
  return async (job, signal) => {
    const version = versions.get(job.template_version_id ?? '')
    const archive = files.get(version.file_id)
    if (!archive) throw new Error('The archive of this version is gone.')
    const log = createJobLogger(logs, job.id)
    log.heading('Setting up')
    const imported = await provisioner.importVersion({
      archive: archive.data,
      variableValues: toVariableValues(version.user_variable_values),
      signal,
      log: log.provisioner,
    })
    signal.throwIfAborted()
    db.transaction(() => {
      db.run(
        db.sql
          .updateTable('template_versions')
          .set({
            readme: imported.readme,
            parameters: JSON.stringify(imported.parameters),
            variables: JSON.stringify(imported.variables),
            presets: JSON.stringify(imported.presets.map((preset) => ({ ...preset, ID: randomUUID() }))),
            updated_at: clock.now(),
          })
          .where('id', '=', version.id),
      )
      plans.save(job.id, 'start', imported.startResources)
      plans.save(job.id, 'stop', imported.stopResources)
    })
    log.heading('Cleaning Up')
  }
}
