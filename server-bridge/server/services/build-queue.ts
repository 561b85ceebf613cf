import { randomUUID } from 'node:crypto'
import type { WorkspaceBuild } from '../../contract/workspace-builds.ts'
import type { WorkspaceTransition } from '../../contract/workspace-transition.ts'
import type { Clock } from '../../lib/clock.ts'
import { ApiError } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import { nextAutostart } from './autostop-deadline.ts'
import type { BuildStates } from './build-states.ts'
import type { BuildRow } from './build-view.ts'
import type { JobRecords } from './job-records.ts'
import type { ParameterValues } from './build-parameters.ts'
import type { TemplateVersions, VersionRow } from './template-versions.ts'
import { parseTemplateSettings } from './template-settings.ts'
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
  /** Absent: what the build before left. */
  readonly state?: Uint8Array
  readonly orphan?: boolean
  /** JSON of the start that follows. */
  readonly onSuccess?: string
}

/** Reasons nobody gave: such a build is no sign that the workspace is used. */
const AUTOMATIC_REASONS: ReadonlySet<string> = new Set(['autostop', 'dormancy', 'autodelete'])

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
  readonly states: BuildStates
  readonly topics: Topics
  readonly onJobQueued: () => void
}

/** The rows of a build and its job. Rules about who may build what are the callers'. */
export function createBuildQueue(deps: BuildQueueDeps): BuildQueue {
  const { db, clock, jobs, versions, states, topics, onJobQueued } = deps

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

  const insert = (build: NewBuild, previous: BuildRow | undefined): BuildRow => {
    const { workspace, version, transition, initiatorId, parameters } = build
    const now = clock.now()
    const id = randomUUID()
    const jobId = jobs.insert({
      type: 'workspace_build',
      fileId: version.file_id,
      organizationId: workspace.organization_id,
      initiatorId,
      workspaceBuildId: id,
    })
    const row: BuildRow = {
      id,
      workspace_id: workspace.id,
      template_version_id: version.id,
      template_version_preset_id: build.presetId ?? null,
      build_number: (previous?.build_number ?? 0) + 1,
      transition,
      initiator_id: initiatorId,
      job_id: jobId,
      reason: build.reason,
      deadline: null,
      max_deadline: null,
      orphan: build.orphan === true ? 1 : 0,
      on_success: build.onSuccess ?? null,
      created_at: now,
      updated_at: now,
    }
    db.run(db.sql.insertInto('workspace_builds').values(row))
    for (const [name, value] of Object.entries(parameters)) {
      db.run(db.sql.insertInto('workspace_build_parameters').values({ build_id: id, name, value }))
    }
    const state = build.state ?? (previous && states.get(previous.id))
    if (state) states.set(id, state)
    return row
  }

  /** A build wakes a dormant workspace when it starts it, and the next automatic start counts from here. */
  const updateWorkspace = ({ workspace, transition, reason }: NewBuild): void => {
    const now = clock.now()
    const template = db.first(
      db.sql.selectFrom('templates').select('settings').where('id', '=', workspace.template_id),
    )
    const isUse = !AUTOMATIC_REASONS.has(reason)
    db.run(
      db.sql
        .updateTable('workspaces')
        .set({
          updated_at: now,
          next_start_at:
            template === undefined || transition === 'delete'
              ? null
              : nextAutostart(now, workspace.autostart_schedule, parseTemplateSettings(template.settings)),
          ...(isUse ? { last_used_at: now } : {}),
          ...(transition === 'start' ? { dormant_at: null, deleting_at: null } : {}),
        })
        .where('id', '=', workspace.id),
    )
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

    add(build) {
      const { workspace, version } = build
      requireUsable(version)
      const row = db.transaction(() => {
        const previous = latest(workspace.id)
        if (previous && jobs.get(previous.job_id).completed_at === null) {
          throw new ApiError(409, { message: 'A workspace build is already active.' })
        }
        const inserted = insert(build, previous)
        updateWorkspace(build)
        return inserted
      })
      onJobQueued()
      topics.workspace.publish(workspace.id)
      topics.builds.publish(row.id)
      return row
    },
  }
}
