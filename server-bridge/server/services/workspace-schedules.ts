import type { Clock } from '../../lib/clock.ts'
import { ApiError } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import { bumpedDeadline, effectiveTtl, nextAutostart } from './autostop-deadline.ts'
import type { BuildQueue } from './build-queue.ts'
import type { JobRecords } from './job-records.ts'
import { parseTemplateSettings, type TemplateSettings } from './template-settings.ts'
import type { Templates } from './templates.ts'
import type { Topics } from './topics.ts'
import { parseWeeklySchedule, ScheduleError } from './weekly-schedule.ts'
import type { WorkspaceRow } from './workspace-view.ts'

export interface WorkspaceSchedules {
  /** Null and empty switch it off. @throws {ApiError} 400 */
  setAutostart(workspace: WorkspaceRow, schedule: string | null | undefined): void
  /** Null and 0: stopped by hand only. @throws {ApiError} 400 */
  setTtl(workspace: WorkspaceRow, ttlMs: number | null | undefined): void
  /** Moves the deadline of the running build. @throws {ApiError} 400, 409 */
  extend(workspace: WorkspaceRow, deadline: number): void
  /** Answers false when it was so already. */
  setDormant(workspace: WorkspaceRow, dormant: boolean): boolean
  /** Somebody uses the workspace: moves its last use, and its deadline where the template says so. */
  recordActivity(workspaceId: string): void
}

export interface WorkspaceScheduleDeps {
  readonly db: Database
  readonly clock: Clock
  readonly jobs: JobRecords
  readonly templates: Templates
  readonly queue: BuildQueue
  readonly topics: Topics
}

const MINUTE_MS = 60_000
const MAX_TTL_MS = 30 * 24 * 60 * MINUTE_MS
/** A new deadline must be this far ahead: half an hour, less what the request takes. */
const MIN_EXTENSION_MS = 29 * MINUTE_MS

/** Whole minutes, at least one and at most thirty days; 0 and null mean none. @throws {ApiError} 400 */
export function checkTtl(ttlMs: number | null | undefined): number | null {
  if (ttlMs === null || ttlMs === undefined || ttlMs === 0) return null
  const whole = Math.floor(ttlMs / MINUTE_MS) * MINUTE_MS
  if (whole >= MINUTE_MS && whole <= MAX_TTL_MS) return whole
  const detail = whole < MINUTE_MS ? 'ttl must be at least one minute' : 'ttl must be less than 30 days'
  throw new ApiError(400, {
    message: 'Invalid Workspace Time to Shutdown.',
    validations: [{ field: 'ttl_ms', detail }],
  })
}

/** A schedule that the template allows, or null for none. @throws {ApiError} 400 */
export function checkSchedule(
  schedule: string | null | undefined,
  settings: Pick<TemplateSettings, 'allow_user_autostart'>,
): string | null {
  if (schedule === null || schedule === undefined || schedule === '') return null
  const refuse = (message: string, detail: string): ApiError =>
    new ApiError(400, { message, validations: [{ field: 'schedule', detail }] })
  if (!settings.allow_user_autostart) {
    throw refuse('Autostart is not allowed for workspaces using this template.', 'The template forbids it.')
  }
  try {
    parseWeeklySchedule(schedule).next(0)
  } catch (error) {
    if (error instanceof ScheduleError) throw refuse('Invalid autostart schedule.', error.message)
    throw error
  }
  return schedule
}

export function createWorkspaceSchedules(deps: WorkspaceScheduleDeps): WorkspaceSchedules {
  const { db, clock, jobs, templates, queue, topics } = deps
  const settingsOf = (workspace: WorkspaceRow): TemplateSettings =>
    parseTemplateSettings(templates.get(workspace.template_id).settings)
  const update = (id: string, values: Partial<Omit<WorkspaceRow, 'id'>>): void => {
    db.run(db.sql.updateTable('workspaces').set(values).where('id', '=', id))
  }
  const setDeadline = (buildId: string, deadline: number | null): void => {
    db.run(
      db.sql
        .updateTable('workspace_builds')
        .set({ deadline, updated_at: clock.now() })
        .where('id', '=', buildId),
    )
  }

  return {
    setAutostart(workspace, requested) {
      const settings = settingsOf(workspace)
      const now = clock.now()
      const schedule = checkSchedule(requested, settings)
      update(workspace.id, {
        autostart_schedule: schedule,
        next_start_at: nextAutostart(now, schedule, settings),
        updated_at: now,
      })
      topics.workspace.publish(workspace.id)
    },

    setTtl(workspace, requested) {
      if (!settingsOf(workspace).allow_user_autostop) {
        throw new ApiError(400, {
          message: 'Error updating workspace time until shutdown.',
          validations: [
            {
              field: 'ttl_ms',
              detail: 'Custom autostop TTL is not allowed for workspaces using this template.',
            },
          ],
        })
      }
      const ttl = checkTtl(requested)
      db.transaction(() => {
        update(workspace.id, { ttl_ms: ttl, updated_at: clock.now() })
        const build = queue.latest(workspace.id)
        // Who switches automatic stops off means the running workspace as well.
        if (ttl === null && build?.transition === 'start') setDeadline(build.id, build.max_deadline)
      })
      topics.workspace.publish(workspace.id)
    },

    extend(workspace, deadline) {
      const build = queue.latest(workspace.id)
      const conflict = (message: string): ApiError => new ApiError(409, { message })
      if (build?.transition !== 'start') {
        throw conflict(`Workspace must be started, current status: ${build?.transition ?? 'none'}.`)
      }
      const job = jobs.get(build.job_id)
      if (job.completed_at === null) throw conflict('Workspace is still building!')
      if (build.deadline === null || job.status !== 'succeeded')
        throw conflict('Workspace shutdown is manual.')
      if (deadline < clock.now() + MIN_EXTENSION_MS) {
        throw new ApiError(400, {
          message: 'Cannot extend workspace: new deadline must be at least 30 minutes in the future.',
        })
      }
      if (build.max_deadline !== null && deadline > build.max_deadline) {
        throw new ApiError(400, { message: 'Cannot extend workspace beyond max deadline.' })
      }
      setDeadline(build.id, deadline)
      topics.workspace.publish(workspace.id)
    },

    setDormant(workspace, dormant) {
      if (dormant === (workspace.dormant_at !== null)) return false
      const now = clock.now()
      const deleteAfter = settingsOf(workspace).time_til_dormant_autodelete_ms
      update(
        workspace.id,
        dormant
          ? { dormant_at: now, deleting_at: deleteAfter > 0 ? now + deleteAfter : null, updated_at: now }
          : { dormant_at: null, deleting_at: null, last_used_at: now, updated_at: now },
      )
      topics.workspace.publish(workspace.id)
      return true
    },

    recordActivity(workspaceId) {
      const workspace = db.first(
        db.sql.selectFrom('workspaces').selectAll().where('id', '=', workspaceId).where('deleted', '=', 0),
      )
      if (!workspace) return
      const now = clock.now()
      db.transaction(() => {
        update(workspaceId, { last_used_at: now })
        const build = queue.latest(workspaceId)
        if (build?.transition !== 'start' || jobs.get(build.job_id).status !== 'succeeded') return
        const settings = settingsOf(workspace)
        const deadline = bumpedDeadline({
          now,
          deadline: build.deadline,
          maxDeadline: build.max_deadline,
          bumpMs: settings.activity_bump_ms,
          ttlMs: effectiveTtl(workspace.ttl_ms, settings),
          nextStartAt: workspace.next_start_at,
        })
        if (deadline !== undefined) setDeadline(build.id, deadline)
      })
      topics.workspace.publish(workspaceId)
    },
  }
}
