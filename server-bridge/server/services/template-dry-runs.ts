import type { CreateTemplateVersionDryRunRequest } from '../../contract/template-dry-runs.ts'
import type { VariableValue } from '../../contract/template-versions.ts'
import { nameProblem, nameRules } from '../../contract/names.ts'
import { ApiError, notFound } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import type { BuildParameters } from './build-parameters.ts'
import type { JobRecords, JobRow } from './job-records.ts'
import type { TemplateVersions, VersionRow } from './template-versions.ts'

/** What a build would make, planned by a job of its own. */
export interface TemplateDryRuns {
  /** Queues the job. @throws {ApiError} 400 for values that cannot be taken, 425 while the version is imported. */
  create(version: VersionRow, userId: string, request: CreateTemplateVersionDryRunRequest): JobRow
  /** @throws {ApiError} 404 for a job that is none of this version. */
  get(version: VersionRow, jobId: string): JobRow
  /** What the job's runner needs. */
  plan(jobId: string): DryRunPlan
}

export interface DryRunPlan {
  readonly versionId: string
  readonly workspaceName: string
  readonly parameterValues: Readonly<Record<string, string>>
  /** Values that stand instead of the version's own. */
  readonly variableValues: Readonly<Record<string, string>>
}

export interface TemplateDryRunDeps {
  readonly db: Database
  readonly jobs: JobRecords
  readonly versions: TemplateVersions
  readonly parameters: BuildParameters
  readonly onJobQueued: () => void
}

/** As in Coder, where the caller gives no name. */
const defaultWorkspaceName = 'dryrun'

export function createTemplateDryRuns(deps: TemplateDryRunDeps): TemplateDryRuns {
  const { db, jobs, versions, parameters, onJobQueued } = deps
  return {
    create(version, userId, request) {
      const imported = versions.job(version)
      if (imported.completed_at === null) {
        throw new ApiError(425, { message: "Template version import job hasn't completed!" })
      }
      if (imported.status !== 'succeeded') {
        throw new ApiError(400, {
          message: 'The template version could not be imported, so it cannot be planned.',
        })
      }
      const workspaceName = request.workspace_name || defaultWorkspaceName
      checkName(workspaceName)
      const values = parameters.resolve({
        version,
        transition: 'start',
        ownerId: userId,
        presetId: undefined,
        given: request.rich_parameter_values,
        previous: undefined,
      })
      const jobId = db.transaction(() => {
        const id = jobs.insert({
          type: 'template_version_dry_run',
          fileId: version.file_id,
          organizationId: version.organization_id,
          initiatorId: userId,
          templateVersionId: version.id,
        })
        db.run(
          db.sql.insertInto('template_version_dry_runs').values({
            job_id: id,
            template_version_id: version.id,
            workspace_name: workspaceName,
            parameter_values: JSON.stringify(values),
            variable_values: JSON.stringify(toRecord(request.user_variable_values ?? [])),
          }),
        )
        return id
      })
      onJobQueued()
      return jobs.get(jobId)
    },

    get(version, jobId) {
      const row = db.first(
        db.sql
          .selectFrom('template_version_dry_runs')
          .select('job_id')
          .where('job_id', '=', jobId)
          .where('template_version_id', '=', version.id),
      )
      if (!row) throw notFound()
      return jobs.get(jobId)
    },

    plan(jobId) {
      const row = db.first(
        db.sql.selectFrom('template_version_dry_runs').selectAll().where('job_id', '=', jobId),
      )
      if (!row) throw new Error(`What the dry run ${jobId} is about is gone.`)
      return {
        versionId: row.template_version_id,
        workspaceName: row.workspace_name,
        parameterValues: JSON.parse(row.parameter_values) as Record<string, string>,
        variableValues: JSON.parse(row.variable_values) as Record<string, string>,
      }
    },
  }
}

function toRecord(values: readonly VariableValue[]): Record<string, string> {
  return Object.fromEntries(values.map(({ name, value }) => [name, value]))
}

function checkName(name: string): void {
  const problem = nameProblem(nameRules.workspaceName, name)
  if (problem === undefined) return
  throw new ApiError(400, {
    message: 'Validation failed.',
    validations: [{ field: 'workspace_name', detail: problem }],
  })
}
