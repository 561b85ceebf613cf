import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { ProvisionerJob } from '../../contract/provisioner-jobs.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import type { ProvisionerJobsTable } from '../db/tables/provisioner-jobs.ts'
import { toOptionalTime, toWireTime } from './wire-time.ts'

export type JobRow = Selectable<ProvisionerJobsTable>

export interface NewJob {
  readonly type: 'template_version_import' | 'template_version_dry_run' | 'workspace_build'
  readonly fileId: string
  readonly organizationId: string
  readonly initiatorId: string
  readonly templateVersionId?: string
  readonly workspaceBuildId?: string
  /** As asked for; the one worker takes every job. */
  readonly tags?: Readonly<Record<string, string>>
}

export interface JobRecords {
  insert(job: NewJob): string
  get(id: string): JobRow
  /** Jobs of the given ids, in wire form, by id. */
  toWire(ids: readonly string[]): Map<string, ProvisionerJob>
}

export interface Worker {
  readonly id: string
  readonly name: string
}

export function createJobRecords(db: Database, clock: Clock, worker: Worker): JobRecords {
  const toWireJob = (row: JobRow, queue: ReadonlyMap<string, number>): ProvisionerJob => ({
    id: row.id,
    created_at: toWireTime(row.created_at),
    started_at: toOptionalTime(row.started_at),
    completed_at: toOptionalTime(row.completed_at),
    canceled_at: toOptionalTime(row.canceled_at),
    error: row.error ?? undefined,
    error_code: row.error_code ?? undefined,
    status: row.status,
    worker_id: row.worker_id ?? undefined,
    worker_name: row.worker_id === worker.id ? worker.name : undefined,
    file_id: row.file_id,
    tags: JSON.parse(row.tags) as Record<string, string>,
    queue_position: queue.get(row.id) ?? 0,
    queue_size: queue.size,
    organization_id: row.organization_id,
    initiator_id: row.initiator_id,
    input: {
      template_version_id: row.template_version_id ?? undefined,
      workspace_build_id: row.workspace_build_id ?? undefined,
    },
    type: row.type,
    available_workers: [worker.id],
    metadata: {
      template_version_name: '',
      template_id: '00000000-0000-0000-0000-000000000000',
      template_name: '',
      template_display_name: '',
      template_icon: '',
    },
    logs_overflowed: row.logs_overflowed === 1,
  })

  return {
    insert(job) {
      const id = randomUUID()
      db.run(
        db.sql.insertInto('provisioner_jobs').values({
          id,
          type: job.type,
          status: 'pending',
          file_id: job.fileId,
          organization_id: job.organizationId,
          initiator_id: job.initiatorId,
          template_version_id: job.templateVersionId ?? null,
          workspace_build_id: job.workspaceBuildId ?? null,
          created_at: clock.now(),
          tags: JSON.stringify({ owner: '', scope: 'organization', ...job.tags }),
        }),
      )
      return id
    },
    get(id) {
      const row = db.first(db.sql.selectFrom('provisioner_jobs').selectAll().where('id', '=', id))
      if (!row) throw new Error(`Job ${id} is gone although something refers to it.`)
      return row
    },
    toWire(ids) {
      const waiting = db.all(
        db.sql
          .selectFrom('provisioner_jobs')
          .select('id')
          .where('status', '=', 'pending')
          .where('completed_at', 'is', null)
          .orderBy('created_at'),
      )
      const queue = new Map(waiting.map((row, index) => [row.id, index + 1]))
      const rows = db.all(
        db.sql
          .selectFrom('provisioner_jobs')
          .selectAll()
          .where('id', 'in', [...ids]),
      )
      return new Map(rows.map((row) => [row.id, toWireJob(row, queue)]))
    },
  }
}
