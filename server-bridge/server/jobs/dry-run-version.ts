import type { Provisioner } from '../../provisioner/provisioner.ts'
import type { Database } from '../db/database.ts'
import { findBuildOwner } from '../services/build-owner.ts'
import type { Files } from '../services/files.ts'
import type { JobLogs } from '../services/job-logs.ts'
import type { PlanRecords } from '../services/plan-records.ts'
import type { TemplateDryRuns } from '../services/template-dry-runs.ts'
import type { TemplateVersions } from '../services/template-versions.ts'
import { toVariableValues } from '../services/variable-values.ts'
import { createJobLogger } from './job-logger.ts'
import type { RunJob } from './job-worker.ts'

export interface DryRunVersionDeps {
  readonly db: Database
  readonly provisioner: Provisioner
  readonly dryRuns: TemplateDryRuns
  readonly versions: TemplateVersions
  readonly files: Files
  readonly plans: PlanRecords
  readonly logs: JobLogs
  readonly accessUrl: () => string
}

/** Plans a start of a workspace that is not made. */
export function createDryRunVersion(deps: DryRunVersionDeps): RunJob {
  const { db, provisioner, dryRuns, versions, files, plans, logs, accessUrl } = deps
  return async (job, signal) => {
    const plan = dryRuns.plan(job.id)
    const version = versions.get(plan.versionId)
    const archive = files.get(version.file_id)
    const owner = findBuildOwner(db, job.initiator_id)
    if (!archive || !owner) throw new Error('The archive or the owner of this dry run is gone.')
    const log = createJobLogger(logs, job.id)
    log.heading('Setting up')
    const { resources } = await provisioner.build({
      archive: archive.data,
      variableValues: { ...toVariableValues(version.user_variable_values), ...plan.variableValues },
      signal,
      log: log.provisioner,
      transition: 'start',
      parameterValues: plan.parameterValues,
      workspace: {
        // Of no workspace: none is made.
        id: job.id,
        name: plan.workspaceName,
        templateId: version.template_id ?? '',
        templateName: '',
        templateVersion: version.name,
        accessUrl: accessUrl(),
      },
      owner,
    })
    signal.throwIfAborted()
    plans.save(job.id, 'start', resources)
    log.heading('Cleaning Up')
  }
}
