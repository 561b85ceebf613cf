import type { CreateWorkspaceBuildRequest } from '../../contract/workspace-builds.ts'
import type { Clock } from '../../lib/clock.ts'
import { ApiError } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import { deadlinesFor } from './autostop-deadline.ts'
import type { BuildParameters } from './build-parameters.ts'
import type { BuildQueue } from './build-queue.ts'
import type { BuildRow } from './build-view.ts'
import type { JobLogs } from './job-logs.ts'
import type { JobRow } from './job-records.ts'
import { parseTemplateSettings } from './template-settings.ts'
import type { TemplateVersions } from './template-versions.ts'
import type { Templates } from './templates.ts'
import type { WorkspaceRow } from './workspace-view.ts'

export interface BuildCompletionDeps {
  readonly db: Database
  readonly clock: Clock
  readonly templates: Templates
  readonly versions: TemplateVersions
  readonly queue: BuildQueue
  readonly parameters: BuildParameters
  readonly logs: JobLogs
}

/** The start that follows a stop: what makes both of them a restart. */
export type FollowUp = NonNullable<CreateWorkspaceBuildRequest['on_success']>

/**
 * What becomes true together with the success of a build's job, in the same transaction: how long the workspace may
 * run, and the start that was asked for after the stop.
 */
export function createBuildCompletion(deps: BuildCompletionDeps): (job: JobRow) => void {
  const { db, clock, templates, versions, queue, parameters, logs } = deps

  const setDeadlines = (build: BuildRow, workspace: WorkspaceRow): void => {
    const settings = parseTemplateSettings(templates.get(workspace.template_id).settings)
    const { deadline, maxDeadline } = deadlinesFor(clock.now(), workspace.ttl_ms, settings)
    db.run(
      db.sql
        .updateTable('workspace_builds')
        .set({ deadline, max_deadline: maxDeadline, updated_at: clock.now() })
        .where('id', '=', build.id),
    )
  }

  const follow = (build: BuildRow, workspace: WorkspaceRow, request: FollowUp): void => {
    const version = versions.get(request.template_version_id ?? build.template_version_id)
    const presetId = request.template_version_preset_id
    queue.add({
      workspace,
      version,
      transition: 'start',
      initiatorId: build.initiator_id,
      reason: build.reason,
      presetId,
      parameters: parameters.resolve({
        version,
        ownerId: workspace.owner_id,
        transition: 'start',
        presetId,
        given: request.rich_parameter_values ?? [],
        previous: queue.parametersOf(build.id),
      }),
    })
  }

  return (job) => {
    const build = db.first(
      db.sql
        .selectFrom('workspace_builds')
        .selectAll()
        .where('id', '=', job.workspace_build_id ?? ''),
    )
    const workspace =
      build && db.first(db.sql.selectFrom('workspaces').selectAll().where('id', '=', build.workspace_id))
    if (!build || !workspace) return
    if (build.transition === 'start') setDeadlines(build, workspace)
    if (build.on_success === null) return
    try {
      follow(build, workspace, JSON.parse(build.on_success) as FollowUp)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      // The stop is done whatever becomes of the start; its log is where somebody will look.
      const reasons = error.body.validations?.map(({ field, detail }) => `${field}: ${detail}`) ?? []
      logs.append(job.id, {
        source: 'provisioner_daemon',
        level: 'error',
        stage: 'Cleaning Up',
        output: ['The start that should follow was refused.', error.message, ...reasons].join(' '),
      })
    }
  }
}
