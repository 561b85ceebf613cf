import { workspaceBuildsRoutes } from '../../contract/workspace-builds.ts'
import { workspacesRoutes } from '../../contract/workspaces.ts'
import type { Logger } from '../../lib/logger.ts'
import { ApiError, badRequest, forbidden, notFound } from '../api-error.ts'
import type { JobWorker } from '../jobs/job-worker.ts'
import type { Accounts } from '../services/accounts.ts'
import type { AuditEntry } from '../services/audit.ts'
import type { BuildQueue } from '../services/build-queue.ts'
import type { BuildRow } from '../services/build-view.ts'
import type { JobRecords } from '../services/job-records.ts'
import type { Actor } from '../services/sessions.ts'
import type { Templates } from '../services/templates.ts'
import { parseTemplateSettings } from '../services/template-settings.ts'
import type { Topics } from '../services/topics.ts'
import type { WorkspaceActivity } from '../services/workspace-activity.ts'
import type { WorkspaceBuilds } from '../services/workspace-builds.ts'
import type { WorkspaceRow } from '../services/workspace-view.ts'
import type { Workspaces } from '../services/workspaces.ts'
import { watchBySocket, watchBySse } from '../ws/watch-streams.ts'
import { bound } from './bind-routes.ts'
import type { JobLogStreams } from './job-log-routes.ts'

export interface WorkspaceHandlerDeps {
  readonly accounts: Accounts
  readonly workspaces: Workspaces
  readonly builds: WorkspaceBuilds
  readonly queue: BuildQueue
  readonly templates: Templates
  readonly jobs: JobRecords
  readonly jobLogs: JobLogStreams
  readonly worker: Pick<JobWorker, 'cancel'>
  readonly activity: WorkspaceActivity
  readonly topics: Topics
  readonly logger: Logger
}

/** A deleted workspace answers 410 where it is addressed by id. */
function requireLiving(workspace: WorkspaceRow, includeDeleted = false): WorkspaceRow {
  if (workspace.deleted === 1 && !includeDeleted) {
    throw new ApiError(410, {
      message: `Workspace ${JSON.stringify(workspace.id)} was deleted, you can view this workspace by specifying '?deleted=true' and trying again.`,
    })
  }
  return workspace
}

export function workspaceHandlers(deps: WorkspaceHandlerDeps) {
  const { accounts, workspaces, topics, logger } = deps
  const watchOf = (workspace: WorkspaceRow, actor: Actor) => ({
    topic: topics.workspace,
    workspaceId: workspace.id,
    read: () => workspaces.toWire(workspaces.find(workspace.id, actor), actor.user.id),
    logFailure: (error: unknown) =>
      logger.error('A watch could not read its workspace', { error: String(error) }),
  })

  return [
    ...bound(workspacesRoutes, {
      list: ({ query, actor }) =>
        workspaces.search(query.q ?? '', { limit: query.limit ?? 0, offset: query.offset ?? 0 }, actor),
      get({ params, query, actor }) {
        const row = requireLiving(workspaces.find(params.workspace, actor), query.include_deleted)
        return workspaces.toWire(row, actor.user.id)
      },
      getByName({ params, query, actor }) {
        const owner = accounts.find(params.user, actor)
        const row = workspaces.findByName(owner, params.workspacename, query.include_deleted === true)
        return workspaces.toWire(row, actor.user.id)
      },
      create({ params, body, actor, audit }) {
        const owner = accounts.find(params.user, actor)
        const row = workspaces.create(owner, body, actor)
        audit({
          resourceType: 'workspace',
          resourceId: row.id,
          resourceTarget: row.name,
          action: 'create',
          organizationId: row.organization_id,
        })
        return workspaces.toWire(row, actor.user.id)
      },
      // A sign of life once a minute, not a change: Coder does not audit it either.
      usage({ params, body, actor }) {
        const row = requireLiving(workspaces.find(params.workspace, actor))
        workspaces.recordUse(row)
        if (body.app_name) deps.activity.record(row.id, body.app_name)
        return undefined
      },
      favorite: ({ params, actor, audit }) => {
        audit(setFavorite(deps, params.workspace, actor, true))
        return undefined
      },
      unfavorite: ({ params, actor, audit }) => {
        audit(setFavorite(deps, params.workspace, actor, false))
        return undefined
      },
      watchWs({ params, actor }) {
        const row = requireLiving(workspaces.find(params.workspace, actor))
        return (socket) => watchBySocket(socket, watchOf(row, actor))
      },
      watch({ params, actor, request }) {
        const row = requireLiving(workspaces.find(params.workspace, actor))
        return watchBySse(watchOf(row, actor), request.signal)
      },
    }),
    ...buildHandlers(deps),
  ]
}

/** A favourite is a mark of the owner alone. */
function setFavorite(deps: WorkspaceHandlerDeps, id: string, actor: Actor, favorite: boolean): AuditEntry {
  const row = requireLiving(deps.workspaces.find(id, actor))
  if (row.owner_id !== actor.user.id) throw forbidden('You can only favorite workspaces that you own.')
  deps.workspaces.setFavorite(row, favorite)
  return { resourceType: 'workspace', resourceId: row.id, resourceTarget: row.name, action: 'write' }
}

function buildHandlers(deps: WorkspaceHandlerDeps) {
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
      const { build, workspace } = builds.find(params.workspacebuild, actor)
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

function cancelBuild(deps: WorkspaceHandlerDeps, { build, workspace, expected, actor }: Cancellation): void {
  const job = deps.jobs.get(build.job_id)
  if (expected !== undefined && job.status !== expected) {
    throw new ApiError(412, { message: `Job is not in the expected state: it is ${job.status}.` })
  }
  const { settings } = deps.templates.get(workspace.template_id)
  const isAllowed =
    actor.isOwner ||
    expected === 'pending' ||
    parseTemplateSettings(settings).allow_user_cancel_workspace_jobs
  if (!isAllowed) throw forbidden('User is not allowed to cancel workspace builds. Owner role is required.')
  deps.worker.cancel(job.id)
}
