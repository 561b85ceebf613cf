import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { ApiError } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import { nextAutostart } from '../services/autostop-deadline.ts'
import type { BuildParameters } from '../services/build-parameters.ts'
import type { BuildQueue } from '../services/build-queue.ts'
import { parseTemplateSettings, type TemplateSettings } from '../services/template-settings.ts'
import type { TemplateVersions, VersionRow } from '../services/template-versions.ts'
import type { Templates } from '../services/templates.ts'
import type { Topics } from '../services/topics.ts'
import type { WorkspaceRow } from '../services/workspace-view.ts'
import { correctFutureTimes } from './clock-correction.ts'
import { type LifecycleStep, lifecycleStep, type LifecycleSubject } from './lifecycle-rules.ts'

/** What somebody is told about a workspace of theirs that nobody touched. */
export interface LifecycleNotice {
  readonly userId: string
  readonly kind:
    | 'workspace-autobuild-failed'
    | 'workspace-auto-updated'
    | 'workspace-deleted'
    | 'workspace-dormant'
    | 'workspace-marked-for-deletion'
  readonly workspace: WorkspaceRow
  /** One sentence, where there is more to say. */
  readonly detail: string
}

export interface LifecycleDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly templates: Templates
  readonly versions: TemplateVersions
  readonly queue: BuildQueue
  readonly parameters: BuildParameters
  readonly topics: Topics
  readonly notify?: (notice: LifecycleNotice) => void
}

export interface Lifecycle {
  /** Looks at once, then again and again. */
  start(): void
  /** Does what is due now, at most one thing a workspace. */
  tick(): void
  close(): void
}

const TICK_MS = 30_000
/** No weekly schedule has its next time further ahead than this: a value beyond was computed by a wrong clock. */
const MAX_AHEAD_MS = 9 * 24 * 3_600_000

interface Candidate {
  readonly workspace: WorkspaceRow
  readonly subject: LifecycleSubject
  readonly settings: TemplateSettings
  readonly activeVersionId: string
  readonly buildId: string
  readonly versionId: string
}

/**
 * Starts, stops, puts to sleep and deletes workspaces by the clock. Nothing is remembered between two looks: each one
 * asks the database what is due, so a sleep of the machine, a restart or a changed clock are ordinary looks that find
 * more or less than usual, and every step is one transaction that leaves the workspace not due any more.
 */
export function createLifecycle(deps: LifecycleDeps): Lifecycle {
  const { db, clock, logger } = deps
  let cancel = (): void => undefined

  const look = (): void => {
    const now = clock.now()
    correctFutureTimes(db, now)
    for (const candidate of candidates(db)) {
      try {
        serve(deps, candidate, now)
      } catch (error) {
        logger.error('A workspace could not be looked after', {
          workspaceId: candidate.workspace.id,
          error: error instanceof Error ? error.message : String(error),
        })
      }
    }
  }
  const tick = (): void => {
    try {
      look()
    } catch (error) {
      // The next look finds the same work.
      logger.error('Schedules could not be looked at', { error: String(error) })
    }
  }

  return {
    start() {
      tick()
      cancel = clock.every(TICK_MS, tick)
    },
    tick,
    close: () => cancel(),
  }
}

/** Living workspaces without a build in progress. */
function candidates(db: Database): Candidate[] {
  const rows = db.all(
    db.sql
      .selectFrom('workspaces')
      .innerJoin('users', 'users.id', 'workspaces.owner_id')
      .innerJoin('templates', 'templates.id', 'workspaces.template_id')
      .innerJoin('workspace_builds as build', 'build.workspace_id', 'workspaces.id')
      .innerJoin('provisioner_jobs as job', 'job.id', 'build.job_id')
      .selectAll('workspaces')
      .select([
        'users.status as owner_status',
        'templates.settings',
        'templates.active_version_id',
        'build.id as build_id',
        'build.template_version_id as version_id',
        'build.transition',
        'build.deadline',
        'job.status as job_status',
        'job.completed_at as job_completed_at',
      ])
      .where('workspaces.deleted', '=', 0)
      .where('job.completed_at', 'is not', null)
      .where((where) =>
        where(
          'build.build_number',
          '=',
          where
            .selectFrom('workspace_builds as newest')
            .select((newest) => newest.fn.max('newest.build_number').as('number'))
            .whereRef('newest.workspace_id', '=', 'workspaces.id'),
        ),
      ),
  )
  const parsed = new Map<string, TemplateSettings>()
  return rows.map((row): Candidate => {
    const settings = parsed.get(row.settings) ?? parseTemplateSettings(row.settings)
    parsed.set(row.settings, settings)
    return {
      workspace: row,
      settings,
      activeVersionId: row.active_version_id,
      buildId: row.build_id,
      versionId: row.version_id,
      subject: {
        transition: row.transition,
        jobStatus: row.job_status,
        jobCompletedAt: row.job_completed_at ?? 0,
        deadline: row.deadline,
        autostartSchedule: row.autostart_schedule,
        nextStartAt: row.next_start_at,
        dormantAt: row.dormant_at,
        deletingAt: row.deleting_at,
        lastUsedAt: row.last_used_at ?? row.created_at,
        ownerStatus: row.owner_status,
      },
    }
  })
}

function serve(deps: LifecycleDeps, candidate: Candidate, now: number): void {
  const { subject, settings } = candidate
  const step = lifecycleStep(subject, settings, now)
  if (step?.reason === 'autostart' && !startsToday(candidate, now)) {
    updateWorkspace(deps, candidate, { next_start_at: nextStart(candidate, now) })
  } else if (step) take(deps, candidate, step, now)
  else keepUp(deps, candidate, now)
}

const nextStart = ({ workspace, settings }: Candidate, now: number): number | null =>
  nextAutostart(now, workspace.autostart_schedule, settings)

/** The template may have changed its days since the time was computed. */
function startsToday({ workspace, settings, subject }: Candidate, now: number): boolean {
  const due = subject.nextStartAt ?? now
  return nextAutostart(due - 1, workspace.autostart_schedule, settings) === due
}

/** What the database says about the future follows what the template says today. */
function keepUp(deps: LifecycleDeps, candidate: Candidate, now: number): void {
  const { workspace, settings } = candidate
  const { next_start_at: next } = workspace
  const isStale =
    next === null ? workspace.autostart_schedule !== null : next <= now || next > now + MAX_AHEAD_MS
  const computed = isStale ? nextStart(candidate, now) : next
  if (computed !== next) updateWorkspace(deps, candidate, { next_start_at: computed })
  const deleteAfter = settings.time_til_dormant_autodelete_ms
  if (workspace.dormant_at !== null && workspace.deleting_at === null && deleteAfter > 0) {
    updateWorkspace(deps, candidate, { deleting_at: Math.max(now, workspace.dormant_at + deleteAfter) })
    tell(deps, candidate, 'workspace-marked-for-deletion')
  }
}

function updateWorkspace(
  { db, topics }: LifecycleDeps,
  { workspace }: Candidate,
  values: Partial<Pick<WorkspaceRow, 'next_start_at' | 'deleting_at' | 'dormant_at'>>,
): void {
  db.run(db.sql.updateTable('workspaces').set(values).where('id', '=', workspace.id))
  topics.workspace.publish(workspace.id)
}

function tell(
  { notify }: LifecycleDeps,
  { workspace }: Candidate,
  kind: LifecycleNotice['kind'],
  detail = '',
): void {
  notify?.({ userId: workspace.owner_id, kind, workspace, detail })
}

function take(deps: LifecycleDeps, candidate: Candidate, step: LifecycleStep, now: number): void {
  try {
    deps.db.transaction(() => {
      if (step.becomesDormant) fallAsleep(deps, candidate, now)
      if (step.transition !== undefined) build(deps, candidate, step, step.transition)
    })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    // What is refused now is refused at the next look as well: the next time of the schedule is another chance.
    if (step.reason === 'autostart') {
      updateWorkspace(deps, candidate, { next_start_at: nextStart(candidate, now) })
    }
    deps.logger.warn('An automatic build was refused', {
      workspaceId: candidate.workspace.id,
      reason: step.reason,
      error: error.message,
    })
    if (step.reason === 'autostart') tell(deps, candidate, 'workspace-autobuild-failed', error.message)
    return
  }
  announce(deps, candidate, step)
}

function fallAsleep(deps: LifecycleDeps, candidate: Candidate, now: number): void {
  const deleteAfter = candidate.settings.time_til_dormant_autodelete_ms
  updateWorkspace(deps, candidate, {
    dormant_at: now,
    deleting_at: deleteAfter > 0 ? now + deleteAfter : null,
  })
}

function build(
  { versions, queue, parameters }: LifecycleDeps,
  candidate: Candidate,
  { reason }: LifecycleStep,
  transition: 'start' | 'stop' | 'delete',
): void {
  const { workspace } = candidate
  const version: VersionRow = versions.get(
    transition === 'start' && updatesItself(candidate) ? candidate.activeVersionId : candidate.versionId,
  )
  queue.add({
    workspace,
    version,
    transition,
    initiatorId: workspace.owner_id,
    reason,
    presetId: undefined,
    parameters: parameters.resolve({
      version,
      ownerId: workspace.owner_id,
      transition,
      presetId: undefined,
      given: [],
      previous: queue.parametersOf(candidate.buildId),
    }),
  })
}

const updatesItself = ({ workspace, settings }: Candidate): boolean =>
  workspace.automatic_updates === 'always' || settings.require_active_version

function announce(deps: LifecycleDeps, candidate: Candidate, step: LifecycleStep): void {
  const { workspace } = candidate
  deps.logger.info('A workspace was looked after', {
    workspaceId: workspace.id,
    transition: step.transition ?? 'none',
    reason: step.reason,
  })
  if (step.becomesDormant) tell(deps, candidate, 'workspace-dormant')
  else if (step.transition === 'delete') tell(deps, candidate, 'workspace-deleted')
  else if (step.transition === 'start' && updatesItself(candidate)) {
    if (candidate.activeVersionId !== candidate.versionId) tell(deps, candidate, 'workspace-auto-updated')
  }
}
