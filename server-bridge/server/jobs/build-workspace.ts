import type { Clock } from '../../lib/clock.ts'
import { BuildFailure, type BuildPlan, type Provisioner } from '../../provisioner/provisioner.ts'
import type { AgentSupervisor } from '../agents/agent-supervisor.ts'
import type { Database } from '../db/database.ts'
import type { AgentRecords } from '../services/agent-records.ts'
import { toBuildOwner } from '../services/build-owner.ts'
import type { BuildQueue } from '../services/build-queue.ts'
import type { BuildStates } from '../services/build-states.ts'
import type { BuildTimings } from '../services/build-timings.ts'
import type { BuildRow } from '../services/build-view.ts'
import type { Files } from '../services/files.ts'
import type { JobLogs } from '../services/job-logs.ts'
import type { JobRow } from '../services/job-records.ts'
import type { PlanRecords } from '../services/plan-records.ts'
import type { UserRow } from '../services/sessions.ts'
import type { TemplateVersions } from '../services/template-versions.ts'
import type { Templates } from '../services/templates.ts'
import { toVariableValues } from '../services/variable-values.ts'
import type { WorkspaceRow } from '../services/workspace-view.ts'
import { createJobLogger, type JobLogger } from './job-logger.ts'
import type { RunJob } from './job-worker.ts'

export interface BuildWorkspaceDeps {
  readonly db: Database
  readonly clock: Clock
  readonly provisioner: Provisioner
  readonly templates: Templates
  readonly versions: TemplateVersions
  readonly files: Files
  readonly plans: PlanRecords
  readonly queue: BuildQueue
  readonly states: BuildStates
  readonly timings: BuildTimings
  readonly logs: JobLogs
  readonly agentRecords: AgentRecords
  readonly supervisor: AgentSupervisor
  readonly accessUrl: () => string
}

interface Subject {
  readonly build: BuildRow
  readonly workspace: WorkspaceRow
  readonly owner: UserRow
}

/** Starts, stops or deletes a workspace: the plan is the provisioner's, folder and processes are ours. */
export function createBuildWorkspace(deps: BuildWorkspaceDeps): RunJob {
  const { db, clock, plans, supervisor, agentRecords } = deps

  const start = async (job: JobRow, { workspace, owner }: Subject, plan: BuildPlan): Promise<void> => {
    // A start over a running workspace is an update: the agents of the build before make room.
    await supervisor.stop(workspace.id, 'stop')
    plans.save(job.id, 'start', plan.resources, { workspaceName: workspace.name, ownerName: owner.username })
    supervisor.start(agentRecords.wantedOf(workspace.id))
  }

  const finish = async (job: JobRow, subject: Subject, plan: BuildPlan, log: JobLogger): Promise<void> => {
    const { build, workspace } = subject
    if (build.transition === 'start') {
      log.heading('Starting workspace')
      await start(job, subject, plan)
      return
    }
    log.heading(build.transition === 'stop' ? 'Stopping workspace' : 'Deleting workspace')
    await supervisor.stop(workspace.id, build.transition === 'stop' ? 'stop' : 'delete')
    plans.save(job.id, build.transition as 'stop' | 'delete', plan.resources)
    if (build.transition === 'stop') return
    if (build.orphan === 1) log.line(`The folder ${workspace.folder} stays where it is.`)
    else supervisor.removeFolder(workspace.folder)
    db.run(db.sql.deleteFrom('workspace_port_shares').where('workspace_id', '=', workspace.id))
    db.run(
      db.sql
        .updateTable('workspaces')
        .set({ deleted: 1, favorite: 0, next_start_at: null, updated_at: clock.now() })
        .where('id', '=', workspace.id),
    )
  }

  return async (job, signal) => {
    const subject = loadSubject(db, job)
    const log = createJobLogger(deps.logs, job.id)
    log.heading('Setting up')
    // Of a try that was cut off.
    db.run(db.sql.deleteFrom('workspace_resources').where('job_id', '=', job.id))
    const { transition } = subject.build
    const measured = { source: deps.provisioner.name, action: transition, resource: subject.workspace.name }
    const plan = await deps.timings.measure(job.id, { stage: 'plan', ...measured }, () =>
      planBuild(deps, subject, log, signal).catch((error: unknown) => {
        // What a failed build has made is there all the same, and has to be found by the next one.
        if (error instanceof BuildFailure && error.state) deps.states.set(subject.build.id, error.state)
        throw error
      }),
    )
    if (plan.state) deps.states.set(subject.build.id, plan.state)
    // From here on it is done to the end: half a stop would leave processes that nobody knows of.
    signal.throwIfAborted()
    await deps.timings.measure(job.id, { stage: 'apply', ...measured }, () => finish(job, subject, plan, log))
    log.heading('Cleaning Up')
  }
}

function loadSubject(db: Database, job: JobRow): Subject {
  const build = db.first(
    db.sql
      .selectFrom('workspace_builds')
      .selectAll()
      .where('id', '=', job.workspace_build_id ?? ''),
  )
  const workspace =
    build && db.first(db.sql.selectFrom('workspaces').selectAll().where('id', '=', build.workspace_id))
  const owner =
    workspace && db.first(db.sql.selectFrom('users').selectAll().where('id', '=', workspace.owner_id))
  if (!owner) throw new Error('The build of this job is gone.')
  return { build, workspace, owner }
}

function planBuild(
  deps: BuildWorkspaceDeps,
  { build, workspace, owner }: Subject,
  log: JobLogger,
  signal: AbortSignal,
): Promise<BuildPlan> {
  const state = deps.states.get(build.id)
  // Deleting must work even when the template can no longer be read, unless something outside was made with it.
  const isOurs = state === undefined || build.orphan === 1
  if (build.transition === 'delete' && isOurs) return Promise.resolve({ resources: [] })
  const version = deps.versions.get(build.template_version_id)
  const template = deps.templates.get(workspace.template_id)
  const archive = deps.files.get(version.file_id)
  if (!archive) throw new Error('The archive of this template version is gone.')
  return deps.provisioner.build({
    archive: archive.data,
    variableValues: toVariableValues(version.user_variable_values),
    signal,
    log: log.provisioner,
    transition: build.transition as 'start' | 'stop' | 'delete',
    ...(state ? { state } : {}),
    parameterValues: deps.queue.parametersOf(build.id),
    workspace: {
      id: workspace.id,
      name: workspace.name,
      templateId: template.id,
      templateName: template.name,
      templateVersion: version.name,
      accessUrl: deps.accessUrl(),
    },
    owner: toBuildOwner(deps.db, owner),
  })
}
