import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { TemplateError } from '../../provisioner/template-error.ts'
import { ApiError } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import type { JobLogs } from '../services/job-logs.ts'
import type { JobRecords, JobRow } from '../services/job-records.ts'
import type { Topics } from '../services/topics.ts'

/** Does one kind of job; throwing fails the job with the error's message. */
export type RunJob = (job: JobRow, signal: AbortSignal) => Promise<void>

export interface JobRunners {
  readonly template_version_import: RunJob
  readonly workspace_build: RunJob
}

export interface JobWorker {
  /** Looks for waiting jobs now. */
  wake(): void
  /** Whether it takes jobs. */
  isWorking(): boolean
  /** Ends jobs that the last run left unfinished, so that none is stuck, then starts to work. */
  start(): void
  /** @throws {ApiError} 400 for a finished or already canceled job. */
  cancel(jobId: string): void
  /** Stops taking jobs, aborts the running ones and waits for them. */
  close(): Promise<void>
}

export interface JobWorkerDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly workerId: string
  readonly jobs: JobRecords
  readonly logs: JobLogs
  readonly topics: Topics
  readonly runners: JobRunners
  /** The workspace of a build's job, whose watchers want to know. */
  readonly onJobChanged: (job: JobRow) => void
}

/** A build that waits for its stop scripts must not hold up all others. */
const MAX_PARALLEL_JOBS = 4
const INTERRUPTED = 'The local deployment was stopped while this job ran. Start it again.'

interface Outcome {
  readonly status: 'succeeded' | 'failed' | 'canceled'
  readonly error?: string
  readonly errorCode?: string
}

export function createJobWorker(deps: JobWorkerDeps): JobWorker {
  const { db, clock, logger, workerId, jobs, logs, topics, runners, onJobChanged } = deps
  const running = new Map<string, { readonly abort: AbortController; readonly done: Promise<void> }>()
  let isOpen = false

  const set = (jobId: string, values: Partial<Omit<JobRow, 'id'>>): void => {
    db.run(db.sql.updateTable('provisioner_jobs').set(values).where('id', '=', jobId))
    topics.job.publish(jobId)
    onJobChanged(jobs.get(jobId))
  }
  const finish = (jobId: string, { status, error, errorCode }: Outcome): void => {
    set(jobId, { status, error: error ?? null, error_code: errorCode ?? null, completed_at: clock.now() })
  }

  const nextWaiting = (): JobRow | undefined =>
    db.first(
      db.sql
        .selectFrom('provisioner_jobs')
        .selectAll()
        .where('status', '=', 'pending')
        .where('completed_at', 'is', null)
        .orderBy('created_at')
        .limit(1),
    )

  const outcomeOf = (job: JobRow, error: unknown, signal: AbortSignal): Outcome => {
    if (signal.aborted) {
      return isOpen ? { status: 'canceled', error: 'Canceled' } : { status: 'failed', error: INTERRUPTED }
    }
    if (error instanceof TemplateError) {
      return { status: 'failed', error: error.message, ...(error.code ? { errorCode: error.code } : {}) }
    }
    if (error instanceof ApiError) return { status: 'failed', error: error.message }
    logger.error('A job failed unexpectedly', {
      jobId: job.id,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
    const reason = error instanceof Error ? error.message : String(error)
    return { status: 'failed', error: `The local deployment could not do this: ${reason}` }
  }

  const work = async (job: JobRow, signal: AbortSignal): Promise<void> => {
    let outcome: Outcome = { status: 'succeeded' }
    try {
      await runners[job.type as keyof JobRunners](job, signal)
    } catch (error) {
      outcome = outcomeOf(job, error, signal)
    }
    if (outcome.status !== 'succeeded') {
      const output = outcome.error ?? ''
      logs.append(job.id, { source: 'provisioner_daemon', level: 'error', stage: 'Cleaning Up', output })
    }
    finish(job.id, outcome)
  }

  const wake = (): void => {
    while (isOpen && running.size < MAX_PARALLEL_JOBS) {
      const job = nextWaiting()
      if (!job) return
      const abort = new AbortController()
      set(job.id, { status: 'running', started_at: clock.now(), worker_id: workerId })
      const done = work(job, abort.signal).finally(() => {
        running.delete(job.id)
        wake()
      })
      running.set(job.id, { abort, done })
    }
  }

  return {
    wake,
    isWorking: () => isOpen,
    start() {
      const interrupted = db.all(
        db.sql
          .selectFrom('provisioner_jobs')
          .select('id')
          .where('status', 'in', ['running', 'canceling'])
          .where('completed_at', 'is', null),
      )
      for (const { id } of interrupted) {
        logs.append(id, {
          source: 'provisioner_daemon',
          level: 'error',
          stage: 'Cleaning Up',
          output: INTERRUPTED,
        })
        finish(id, { status: 'failed', error: INTERRUPTED })
      }
      isOpen = true
      wake()
    },
    cancel(jobId) {
      const job = jobs.get(jobId)
      if (job.completed_at !== null) throw new ApiError(400, { message: 'Job has already completed!' })
      if (job.canceled_at !== null) {
        throw new ApiError(400, { message: 'Job has already been marked as canceled!' })
      }
      if (job.status === 'pending') {
        set(jobId, { canceled_at: clock.now() })
        finish(jobId, { status: 'canceled', error: 'Canceled' })
        return
      }
      set(jobId, { canceled_at: clock.now(), status: 'canceling' })
      running.get(jobId)?.abort.abort()
    },
    async close() {
      isOpen = false
      const left = [...running.values()]
      for (const { abort } of left) abort.abort()
      await Promise.all(left.map(({ done }) => done))
    },
  }
}
