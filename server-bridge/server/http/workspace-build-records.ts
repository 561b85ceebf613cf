import { workspaceBuildRecordsRoutes } from '../../contract/workspace-build-records.ts'
import { badRequest, notFound } from '../api-error.ts'
import { requireMay } from '../services/authorization.ts'
import type { BuildQueue } from '../services/build-queue.ts'
import type { BuildStates } from '../services/build-states.ts'
import type { BuildTimings } from '../services/build-timings.ts'
import type { JobRecords } from '../services/job-records.ts'
import type { ResourceView } from '../services/resource-view.ts'
import type { Actor } from '../services/sessions.ts'
import type { WorkspaceBuilds } from '../services/workspace-builds.ts'
import type { Workspaces } from '../services/workspaces.ts'
import { bound } from './bind-routes.ts'

export interface WorkspaceBuildRecordDeps {
  readonly workspaces: Workspaces
  readonly builds: WorkspaceBuilds
  readonly queue: BuildQueue
  readonly jobs: JobRecords
  readonly resources: ResourceView
  readonly states: BuildStates
  readonly timings: BuildTimings
}

/** What a build leaves behind: how long it took, what its provisioner keeps, what it made. */
export function workspaceBuildRecordHandlers(deps: WorkspaceBuildRecordDeps) {
  const { workspaces, builds, queue, jobs, resources, states, timings } = deps
  const findForState = (id: string, actor: Actor) => {
    const found = builds.find(id, actor)
    requireMay(actor, 'update', { type: 'template', id: found.workspace.template_id })
    return found
  }

  return bound(workspaceBuildRecordsRoutes, {
    timingsOfWorkspace({ params, actor }) {
      const build = queue.latest(workspaces.find(params.workspace, actor).id)
      if (!build) throw notFound()
      return timings.read(build.job_id)
    },
    timings: ({ params, actor }) => timings.read(builds.find(params.workspacebuild, actor).build.job_id),
    state({ params, actor }) {
      const { build } = findForState(params.workspacebuild, actor)
      return new Response(Buffer.from(states.get(build.id) ?? []), {
        headers: { 'content-type': 'application/json' },
      })
    },
    updateState({ params, body, actor, audit }) {
      const { build, workspace } = findForState(params.workspacebuild, actor)
      states.set(build.id, Buffer.from(body.state, 'base64'))
      audit({
        resourceType: 'workspace_build',
        resourceId: build.id,
        resourceTarget: workspace.name,
        action: 'write',
        organizationId: workspace.organization_id,
      })
      return undefined
    },
    resources({ params, actor }) {
      const { job_id: jobId } = builds.find(params.workspacebuild, actor).build
      if (jobs.get(jobId).completed_at === null) throw badRequest("Job hasn't completed!")
      return resources([jobId]).get(jobId) ?? []
    },
  })
}
