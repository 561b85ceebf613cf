import type { ProvisionerTiming, WorkspaceBuildTimings } from '../../contract/workspace-build-records.ts'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import type { ReadAgentTimings } from './agent-timings.ts'
import { toWireTime } from './wire-time.ts'

export interface JobStep {
  readonly stage: 'init' | 'plan' | 'apply'
  readonly source: string
  readonly action: string
  readonly resource: string
}

export interface BuildTimings {
  /** Does the step and keeps how long it took, also when it fails. */
  measure<T>(jobId: string, step: JobStep, work: () => Promise<T>): Promise<T>
  read(jobId: string): WorkspaceBuildTimings
}

export function createBuildTimings(
  db: Database,
  clock: Clock,
  readAgentTimings: ReadAgentTimings,
): BuildTimings {
  const provisioner = (jobId: string): ProvisionerTiming[] =>
    db
      .all(db.sql.selectFrom('provisioner_job_timings').selectAll().where('job_id', '=', jobId).orderBy('id'))
      .map((row) => ({
        job_id: row.job_id,
        started_at: toWireTime(row.started_at),
        ended_at: toWireTime(row.ended_at),
        stage: row.stage,
        source: row.source,
        action: row.action,
        resource: row.resource,
      }))

  return {
    async measure(jobId, { stage, source, action, resource }, work) {
      const startedAt = clock.now()
      try {
        return await work()
      } finally {
        db.run(
          db.sql.insertInto('provisioner_job_timings').values({
            job_id: jobId,
            stage,
            source,
            action,
            resource,
            started_at: startedAt,
            ended_at: clock.now(),
          }),
        )
      }
    },
    read: (jobId) => ({
      provisioner_timings: provisioner(jobId),
      ...readAgentTimings(jobId),
    }),
  }
}
