import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import { ApiError, badRequest, forbidden, notFound } from '../api-error.ts'
import type { JobWorker } from '../jobs/job-worker.ts'
import type { Accounts } from '../services/accounts.ts'
import { mayAct } from '../services/authorization.ts'
import type { BuildQueue } from '../services/build-queue.ts'
import type { BuildRow } from '../services/build-view.ts'
import type { JobRecords } from '../services/job-records.ts'
import type { Actor } from '../services/sessions.ts'
import { parseTemplateSettings } from '../services/template-settings.ts'
import type { Templates } from '../services/templates.ts'
import type { WorkspaceBuilds } from '../services/workspace-builds.ts'
import type { WorkspaceRow } from '../services/workspace-view.ts'
import type { Workspaces } from '../services/workspaces.ts'
import { bound } from './bind-routes.ts'
import type { JobLogStreams } from './job-log-routes.ts'

export interface WorkspaceBuildHandlerDeps {
  readonly accounts: Accounts
  readonly workspaces: Workspaces
  readonly builds: WorkspaceBuilds
  readonly queue: BuildQueue
  readonly templates: Templates
  readonly jobs: JobRecords
  readonly jobLogs: JobLogStreams
  readonly worker: Pick<JobWorker, 'cancel'>
}

/** Builds, their logs and what they left. */
export function workspaceBuildHandlers(deps: WorkspaceBuildHandlerDeps) {
  const { accounts, workspaces, builds, queue, jobLogs } = deps
  const toWire = (row: BuildRow) => {
    const [build] = builds.toWire([row])
    if (!build) throw notFound()
    return build
  }
  return bound(workspaceBuildsRoutes, {
    create({ params, body, actor, audit }) {
      const workspace = workspaces.find(params.workspace, actor)
      const row = builds.create(workspace, body, actor)
      audit({
        resourceType: 'workspace_build',
        resourceId: row.id,
        resourceTarget: workspace.name,
        action: body.transition,
        organizationId: workspace.organization_id,
      })
      return toWire(row)
    },
    list({ params, query, actor }) {
      const workspace = workspaces.find(params.workspace, actor)
      return builds.toWire(
        builds.listOf(workspace, {
          limit: query.limit,
          offset: query.offset,
          afterId: query.after_id,
          since: query.since === undefined ? undefined : Date.parse(query.since),
        }),
      )
    },
    getByNumber({ params, actor }) {
      const number = Number(params.buildnumber)
      if (!Number.isInteger(number)) {
        throw badRequest('Failed to parse build number as integer.', params.buildnumber)
      }
      const workspace = workspaces.findByName(accounts.find(params.user, actor), params.workspacename, false)
      return toWire(builds.findByNumber(workspace, number))
    },
    get: ({ params, actor }) => toWire(builds.find(params.workspacebuild, actor).build),
    cancel({ params, query, actor, audit }) {
      const { build, workspace } = builds.find(params.workspacebuild, actor, 'update')
      cancelBuild(deps, { build, workspace, expected: query.expect_status, actor })
      audit({
        resourceType: 'workspace_build',
        resourceId: build.id,
        resourceTarget: workspace.name,
        action: 'write',
      })
      return { message: 'Job has been marked as canceled...' }
    },
    logs: ({ params, query, actor }) =>
      jobLogs.read(builds.find(params.workspacebuild, actor).build.job_id, query),
    followLogs: ({ params, query, actor }) =>
      jobLogs.follow(builds.find(params.workspacebuild, actor).build.job_id, query.after ?? 0),
    parameters({ params, actor }) {
      const { build } = builds.find(params.workspacebuild, actor)
      return Object.entries(queue.parametersOf(build.id)).map(([name, value]) => ({ name, value }))
    },
  })
}

interface Cancellation {
  readonly build: BuildRow
  readonly workspace: WorkspaceRow
  readonly expected: 'running' | 'pending' | undefined
  readonly actor: Actor
}

function cancelBuild(
  deps: WorkspaceBuildHandlerDeps,
  { build, workspace, expected, actor }: Cancellation,
): void {
  const job = deps.jobs.get(build.job_id)
  if (expected !== undefined && job.status !== expected) {
    throw new ApiError(412, { message: `Job is not in the expected state: it is ${job.status}.` })
  }
  const { settings } = deps.templates.get(workspace.template_id)
  const isAllowed =
    mayAct(actor, 'update', { type: 'template', id: workspace.template_id }) ||
    expected === 'pending' ||
    parseTemplateSettings(settings).allow_user_cancel_workspace_jobs
  if (!isAllowed) throw forbidden('User is not allowed to cancel workspace builds. Owner role is required.')
  deps.worker.cancel(job.id)
}
