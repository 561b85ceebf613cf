import { randomUUID } from 'node:crypto'
import type { WorkspaceBuild } from '../../contract/workspace-builds.ts'
import type { WorkspaceTransition } from '../../contract/workspace-transition.ts'
import type { Clock } from '../../lib/clock.ts'
import { ApiError } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import type { BuildRow } from './build-view.ts'
import type { JobRecords } from './job-records.ts'
import type { ParameterValues } from './build-parameters.ts'
import type { TemplateVersions, VersionRow } from './template-versions.ts'
import type { Topics } from './topics.ts'
import type { WorkspaceRow } from './workspace-view.ts'

export interface NewBuild {
  readonly workspace: WorkspaceRow
  readonly version: VersionRow
  readonly transition: WorkspaceTransition
  readonly initiatorId: string
  readonly reason: WorkspaceBuild['reason']
  readonly presetId: string | undefined
  readonly parameters: ParameterValues
}

export interface BuildQueue {
  latest(workspaceId: string): BuildRow | undefined
  parametersOf(buildId: string): ParameterValues
  /** Queues a build. @throws {ApiError} 406 while its version is imported, 409 while another build runs. */
  add(build: NewBuild): BuildRow
}

export interface BuildQueueDeps {
  readonly db: Database
  readonly clock: Clock
  readonly jobs: JobRecords
  readonly versions: TemplateVersions
  readonly topics: Topics
  readonly onJobQueued: () => void
}

/** The rows of a build and its job. Rules about who may build what are the callers'. */
export function createBuildQueue(deps: BuildQueueDeps): BuildQueue {
  const { db, clock, jobs, versions, topics, onJobQueued } = deps

  const latest = (workspaceId: string): BuildRow | undefined =>
    db.first(
      db.sql
        .selectFrom('workspace_builds')
        .selectAll()
        .where('workspace_id', '=', workspaceId)
        .orderBy('build_number', 'desc')
        .limit(1),
    )

  const requireUsable = (version: VersionRow): void => {
    const job = versions.job(version)
    if (job.completed_at === null) {
      throw new ApiError(406, {
        message: `The provided template version is ${job.status}. Wait for it to complete importing!`,
      })
    }
    if (job.status !== 'succeeded') {
      throw new ApiError(400, {
        message: `The provided template version ${JSON.stringify(version.name)} has ${job.status} to import: ${
          job.error ?? 'no reason was given'
        }. You cannot build workspaces with it!`,
      })
    }
  }

  return {
    latest,
    parametersOf: (buildId) =>
      Object.fromEntries(
        db
          .all(
            db.sql
              .selectFrom('workspace_build_parameters')
              .select(['name', 'value'])
              .where('build_id', '=', buildId),
          )
          .map((row) => [row.name, row.value]),
      ),

    add({ workspace, version, transition, initiatorId, reason, presetId, parameters }) {
      requireUsable(version)
      const previous = latest(workspace.id)
      if (previous && jobs.get(previous.job_id).completed_at === null) {
        throw new ApiError(409, { message: 'A workspace build is already active.' })
      }
      const now = clock.now()
      const row = db.transaction(() => {
        const id = randomUUID()
        const jobId = jobs.insert({
          type: 'workspace_build',
          fileId: version.file_id,
          organizationId: workspace.organization_id,
          initiatorId,
          workspaceBuildId: id,
        })
        const build: BuildRow = {
          id,
          workspace_id: workspace.id,
          template_version_id: version.id,
          template_version_preset_id: presetId ?? null,
          build_number: (previous?.build_number ?? 0) + 1,
          transition,
          initiator_id: initiatorId,
          job_id: jobId,
          reason,
          deadline: null,
          max_deadline: null,
          created_at: now,
          updated_at: now,
        }
        db.run(db.sql.insertInto('workspace_builds').values(build))
        for (const [name, value] of Object.entries(parameters)) {
          db.run(db.sql.insertInto('workspace_build_parameters').values({ build_id: id, name, value }))
        }
        db.run(
          db.sql
            .updateTable('workspaces')
            .set({ updated_at: now, last_used_at: now })
            .where('id', '=', workspace.id),
        )
        return build
      })
      onJobQueued()
      topics.workspace.publish(workspace.id)
      return row
    },
  }
}
