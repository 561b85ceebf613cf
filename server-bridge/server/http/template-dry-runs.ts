import type { ProvisionerJob } from '../../contract/provisioner-jobs.ts'
import { templateDryRunsRoutes } from '../../contract/template-dry-runs.ts'
import type { Clock } from '../../lib/clock.ts'
import { badRequest, forbidden } from '../api-error.ts'
import type { JobWorker } from '../jobs/job-worker.ts'
import type { AuditEntry } from '../services/audit.ts'
import { mayAct } from '../services/authorization.ts'
import { mustGet } from '../services/group-by.ts'
import type { JobRecords, JobRow } from '../services/job-records.ts'
import type { ReadableTemplates } from '../services/readable-templates.ts'
import type { ResourceView } from '../services/resource-view.ts'
import type { Actor } from '../services/sessions.ts'
import type { TemplateDryRuns } from '../services/template-dry-runs.ts'
import type { VersionRow } from '../services/template-versions.ts'
import { toWireTime } from '../services/wire-time.ts'
import { bound } from './bind-routes.ts'
import type { JobLogStreams } from './job-log-routes.ts'

export interface TemplateDryRunHandlerDeps {
  readonly clock: Clock
  readonly readable: ReadableTemplates
  readonly dryRuns: TemplateDryRuns
  readonly jobs: JobRecords
  readonly worker: JobWorker
  readonly resources: ResourceView
  readonly jobLogs: JobLogStreams
}

interface DryRunParams {
  readonly templateversion: string
  readonly provisionerjob: string
}

/** Whoever may make workspaces may plan one; a plan is for who asked for it. */
export function templateDryRunHandlers(deps: TemplateDryRunHandlerDeps) {
  const { clock, readable, dryRuns, jobs, worker, resources, jobLogs } = deps

  const requireOwn = (actor: Actor, initiatorId: string): void => {
    if (!mayAct(actor, 'create', { type: 'workspace', ownerId: initiatorId })) throw forbidden()
  }
  const find = (params: DryRunParams, actor: Actor): { version: VersionRow; job: JobRow } => {
    const version = readable.version(params.templateversion, actor)
    const job = dryRuns.get(version, params.provisionerjob)
    requireOwn(actor, job.initiator_id)
    return { version, job }
  }
  const toWire = (job: JobRow): ProvisionerJob => mustGet(jobs.toWire([job.id]), job.id)

  return bound(templateDryRunsRoutes, {
    create({ params, body, actor, audit }) {
      const version = readable.version(params.templateversion, actor)
      requireOwn(actor, actor.user.id)
      const job = dryRuns.create(version, actor.user.id, body)
      audit(entryOf(version, 'start'))
      return toWire(job)
    },
    get: ({ params, actor }) => toWire(find(params, actor).job),
    resources({ params, actor }) {
      const { job } = find(params, actor)
      if (job.completed_at === null) throw badRequest("Template version dry-run hasn't completed!")
      return resources([job.id]).get(job.id) ?? []
    },
    logs: ({ params, query, actor }) => jobLogs.read(find(params, actor).job.id, query),
    followLogs: ({ params, query, actor }) => jobLogs.follow(find(params, actor).job.id, query.after ?? 0),
    matchedProvisioners({ params, actor }) {
      find(params, actor)
      return { count: 1, available: 1, most_recently_seen: toWireTime(clock.now()) }
    },
    cancel({ params, actor, audit }) {
      const { version, job } = find(params, actor)
      worker.cancel(job.id)
      audit(entryOf(version, 'stop'))
      return { message: 'Job has been marked as canceled...' }
    },
  })
}

function entryOf(version: VersionRow, action: AuditEntry['action']): AuditEntry {
  return {
    resourceType: 'template_version',
    resourceId: version.id,
    resourceTarget: version.name,
    action,
    organizationId: version.organization_id,
  }
}
