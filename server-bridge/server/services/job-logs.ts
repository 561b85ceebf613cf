import type { ProvisionerJobLog } from '../../contract/provisioner-jobs.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import type { Topics } from './topics.ts'
import { toWireTime } from './wire-time.ts'

/** Coder cuts the logs of a job here. */
const MAX_LOG_BYTES = 1024 * 1024

export interface NewJobLog {
  readonly source: 'provisioner_daemon' | 'provisioner'
  readonly level: 'trace' | 'debug' | 'info' | 'warn' | 'error'
  readonly stage: string
  /** Empty: a heading. */
  readonly output: string
}

export interface JobLogs {
  append(jobId: string, log: NewJobLog): void
  /** Rows with an id greater than `after`, oldest first. */
  read(jobId: string, after: number): ProvisionerJobLog[]
}

export function createJobLogs(db: Database, clock: Clock, topics: Topics): JobLogs {
  return {
    append(jobId, log) {
      const job = db.first(
        db.sql
          .selectFrom('provisioner_jobs')
          .select(['logs_length', 'logs_overflowed'])
          .where('id', '=', jobId),
      )
      if (!job || job.logs_overflowed === 1) return
      const length = job.logs_length + Buffer.byteLength(log.output)
      const overflows = length > MAX_LOG_BYTES
      db.transaction(() => {
        db.run(
          db.sql
            .updateTable('provisioner_jobs')
            .set(overflows ? { logs_overflowed: 1 } : { logs_length: length })
            .where('id', '=', jobId),
        )
        if (overflows) return
        db.run(
          db.sql.insertInto('provisioner_job_logs').values({
            job_id: jobId,
            created_at: clock.now(),
            source: log.source,
            level: log.level,
            stage: log.stage,
            output: log.output,
          }),
        )
      })
      topics.job.publish(jobId)
    },
    read: (jobId, after) =>
      db
        .all(
          db.sql
            .selectFrom('provisioner_job_logs')
            .selectAll()
            .where('job_id', '=', jobId)
            .where('id', '>', after)
            .orderBy('id'),
        )
        .map((row) => ({
          id: row.id,
          created_at: toWireTime(row.created_at),
          log_source: row.source,
          log_level: row.level,
          stage: row.stage,
          output: row.output,
        })),
  }
}
