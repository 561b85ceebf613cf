import type { Selectable } from 'kysely'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import type { WorkspaceBuildsTable } from '../db/tables/workspace-builds.ts'
import { type WorkspaceBuild, workspaceStatusOf } from '../../contract/workspace-builds.ts'
import { indexBy, mustGet } from './group-by.ts'
import type { JobRecords } from './job-records.ts'
import type { ResourceView } from './resource-view.ts'
import { toNullableTime, toWireTime } from './wire-time.ts'

export type BuildRow = Selectable<WorkspaceBuildsTable>

export interface BuildView {
  toWire(rows: readonly BuildRow[]): WorkspaceBuild[]
}

export interface BuildViewDeps {
  readonly db: Database
  readonly clock: Clock
  readonly jobs: JobRecords
  readonly resources: ResourceView
}

/** Builds with job, resources and agents; a constant number of queries however many builds there are. */
export function createBuildView({ db, clock, jobs, resources }: BuildViewDeps): BuildView {
  return {
    toWire(rows) {
      const ids = <K extends keyof BuildRow>(column: K): BuildRow[K][] => [
        ...new Set(rows.map((row) => row[column])),
      ]
      const workspaces = indexBy(
        db.all(
          db.sql
            .selectFrom('workspaces')
            .innerJoin('users', 'users.id', 'workspaces.owner_id')
            .select([
              'workspaces.id',
              'workspaces.name',
              'users.id as owner_id',
              'users.username',
              'users.avatar_url',
            ])
            .where('workspaces.id', 'in', ids('workspace_id')),
        ),
        (row) => row.id,
      )
      const versions = indexBy(
        db.all(
          db.sql
            .selectFrom('template_versions')
            .select(['id', 'name'])
            .where('id', 'in', ids('template_version_id')),
        ),
        (row) => row.id,
      )
      const initiators = indexBy(
        db.all(db.sql.selectFrom('users').select(['id', 'username']).where('id', 'in', ids('initiator_id'))),
        (row) => row.id,
      )
      const jobsById = jobs.toWire(ids('job_id'))
      const resourcesOf = resources(ids('job_id'))

      return rows.map((row): WorkspaceBuild => {
        const workspace = mustGet(workspaces, row.workspace_id)
        const job = mustGet(jobsById, row.job_id)
        return {
          id: row.id,
          created_at: toWireTime(row.created_at),
          updated_at: toWireTime(row.updated_at),
          workspace_id: row.workspace_id,
          workspace_name: workspace.name,
          workspace_owner_id: workspace.owner_id,
          workspace_owner_name: workspace.username,
          workspace_owner_avatar_url: workspace.avatar_url,
          template_version_id: row.template_version_id,
          template_version_name: mustGet(versions, row.template_version_id).name,
          build_number: row.build_number,
          transition: row.transition,
          initiator_id: row.initiator_id,
          initiator_name: mustGet(initiators, row.initiator_id).username,
          job,
          reason: row.reason,
          resources: resourcesOf.get(row.job_id) ?? [],
          deadline: toNullableTime(row.deadline),
          max_deadline: toNullableTime(row.max_deadline),
          status: workspaceStatusOf(job.status, row.transition),
          daily_cost: 0,
          matched_provisioners: { count: 1, available: 1, most_recently_seen: toWireTime(clock.now()) },
          template_version_preset_id: row.template_version_preset_id,
        }
      })
    },
  }
}
