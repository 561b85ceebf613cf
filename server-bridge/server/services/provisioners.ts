import type { ProvisionerJob } from '../../contract/provisioner-jobs.ts'
import type { ProvisionerDaemon } from '../../contract/provisioners.ts'
import { zeroUuid } from '../../contract/zero-values.ts'
import type { Clock } from '../../lib/clock.ts'
import { notFound } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import { provisionerApiVersion, serverVersion } from '../version.ts'
import type { DeploymentSettings } from './deployment-settings.ts'

import type { JobRecords } from './job-records.ts'
import type { OrganizationRow, Organizations } from './organizations.ts'
import { toWireTime } from './wire-time.ts'

export interface JobFilter {
  readonly ids?: readonly string[] | undefined
  readonly status?: readonly string[] | undefined
  readonly limit?: number | undefined
  readonly initiatorId?: string | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
}

export interface Provisioners {
  /** The one worker, which is part of the server. */
  daemon(): ProvisionerDaemon
  /** Newest first, 50 unless said otherwise. */
  jobs(organization: OrganizationRow, filter: JobFilter): ProvisionerJob[]
  /** @throws {ApiError} 404 */
  job(organization: OrganizationRow, id: string): ProvisionerJob
}

export interface ProvisionerDeps {
  readonly db: Database
  readonly clock: Clock
  readonly jobs: JobRecords
  readonly organizations: Organizations
  readonly settings: DeploymentSettings
}

const DEFAULT_LIMIT = 50
/** Coder's id of the key that provisioners within the server use. */
const BUILT_IN_KEY = '00000000-0000-0000-0000-000000000001'
/** Of every job and of the one worker. */
export const provisionerTags: Readonly<Record<string, string>> = { owner: '', scope: 'organization' }

/** Whether something with our tags is among what was asked for. */
export function hasTags(wanted: Readonly<Record<string, string>> | undefined): boolean {
  return Object.entries(wanted ?? {}).every(([key, value]) => provisionerTags[key] === value)
}

/** Jobs with the names of what they are for. */
function jobRows(db: Database) {
  return db.sql
    .selectFrom('provisioner_jobs as job')
    .leftJoin('workspace_builds as build', 'build.id', 'job.workspace_build_id')
    .leftJoin('workspaces as workspace', 'workspace.id', 'build.workspace_id')
    .leftJoin('template_versions as version', (join) =>
      join.on((on) =>
        on.or([
          on('version.id', '=', on.ref('job.template_version_id')),
          on('version.id', '=', on.ref('build.template_version_id')),
        ]),
      ),
    )
    .leftJoin('templates as template', 'template.id', 'version.template_id')
    .select([
      'job.id',
      'job.status',
      'build.transition',
      'workspace.id as workspace_id',
      'workspace.name as workspace_name',
      'version.name as version_name',
      'template.id as template_id',
      'template.name as template_name',
      'template.display_name as template_display_name',
      'template.icon as template_icon',
    ])
    .orderBy('job.created_at', 'desc')
}

type JobWithNames = Awaited<ReturnType<ReturnType<typeof jobRows>['execute']>>[number]

function metadataOf(row: JobWithNames): ProvisionerJob['metadata'] {
  return {
    template_version_name: row.version_name ?? '',
    template_id: row.template_id ?? zeroUuid,
    template_name: row.template_name ?? '',
    template_display_name: row.template_display_name ?? '',
    template_icon: row.template_icon ?? '',
    ...(row.workspace_id === null
      ? {}
      : { workspace_id: row.workspace_id, workspace_name: row.workspace_name ?? '' }),
    ...(row.transition === null ? {} : { workspace_build_transition: row.transition }),
  }
}

export function createProvisioners(deps: ProvisionerDeps): Provisioners {
  const { db, clock, jobs, organizations, settings } = deps
  const organizationJobs = (organization: OrganizationRow) =>
    jobRows(db).where('job.organization_id', '=', organization.id)

  const toWire = (rows: readonly JobWithNames[]): ProvisionerJob[] => {
    if (rows.length === 0) return []
    const wire = jobs.toWire(rows.map(({ id }) => id))
    return rows.flatMap((row) => {
      const job = wire.get(row.id)
      return job ? [{ ...job, metadata: metadataOf(row) }] : []
    })
  }
  const daemonJob = (statuses: readonly string[]) => {
    const row = db.first(
      jobRows(db)
        .where('job.worker_id', '=', settings.workerId)
        .where('job.status', 'in', [...statuses])
        .limit(1),
    )
    if (!row) return null
    const { id, status, template_name: name, template_icon: icon, template_display_name: displayName } = row
    return {
      id,
      status,
      template_name: name ?? '',
      template_icon: icon ?? '',
      template_display_name: displayName ?? '',
    }
  }

  return {
    daemon() {
      const organization = organizations.default()
      const current = daemonJob(['running', 'canceling'])
      return {
        id: settings.workerId,
        organization_id: organization.id,
        key_id: BUILT_IN_KEY,
        created_at: toWireTime(organization.created_at),
        last_seen_at: toWireTime(clock.now()),
        name: 'local',
        version: serverVersion,
        api_version: provisionerApiVersion,
        provisioners: ['terraform'],
        tags: { ...provisionerTags },
        key_name: 'built-in',
        status: current ? 'busy' : 'idle',
        current_job: current,
        previous_job: daemonJob(['succeeded', 'failed', 'canceled']),
      }
    },
    jobs(organization, { ids, status, limit, initiatorId, tags }) {
      if (!hasTags(tags)) return []
      let query = organizationJobs(organization).limit(
        limit === undefined || limit === 0 ? DEFAULT_LIMIT : limit,
      )
      if (ids) query = query.where('job.id', 'in', [...ids])
      if (status) query = query.where('job.status', 'in', [...status])
      if (initiatorId !== undefined) query = query.where('job.initiator_id', '=', initiatorId)
      return toWire(db.all(query))
    },
    job(organization, id) {
      const [job] = toWire(db.all(organizationJobs(organization).where('job.id', '=', id)))
      if (!job) throw notFound()
      return job
    },
  }
}
