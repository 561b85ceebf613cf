import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { TemplateError } from '../../provisioner/template-error.ts'
import { ApiError } from '../api-error.ts'
import type { Database } from '../db/database.ts'
import { storageFailureOf } from '../db/storage-failure.ts'
import type { JobLogs } from '../services/job-logs.ts'
import type { JobRecords, JobRow } from '../services/job-records.ts'
import type { Topics } from '../services/topics.ts'

/** Does one kind of job; throwing fails the job with the error's message. */
export type RunJob = (job: JobRow, signal: AbortSignal) => Promise<void>

export interface JobRunners {
  readonly template_version_import: RunJob
  readonly template_version_dry_run: RunJob
  readonly workspace_build: RunJob
}

export interface JobWorker {
  /** Looks for waiting jobs now. */
  wake(): void
  /** Whether it takes jobs. */
  isWorking(): boolean
  /** Settles jobs that the last run left unfinished, so that none is stuck, then starts to work. */
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
  /** What becomes true with the success of a job; runs in the transaction that ends it. */
  readonly onSucceeded: (job: JobRow) => void
  /** Whether a job that was cut off may simply be done again. */
  readonly isResumable: (job: JobRow) => boolean
}

/** A build that waits for its stop scripts must not hold up all others. */
const MAX_PARALLEL_JOBS = 4
/** A job that ends the server each time it runs is given up after this many tries. */
const MAX_ATTEMPTS = 3
const RESUMED = 'The local deployment was stopped while this job ran. It is done again.'
/** After a write that the disk refused. */
const RETRY_MS = 1_000
const INTERRUPTED = 'The local deployment was stopped while this job ran. Start it again.'

interface Outcome {
  readonly status: 'succeeded' | 'failed' | 'canceled'
  readonly error?: string
  readonly errorCode?: string
}

export function createJobWorker(deps: JobWorkerDeps): JobWorker {
  const { db, clock, logger, workerId, jobs, logs, topics, runners, onJobChanged, onSucceeded, isResumable } =
    deps
  const running = new Map<string, { readonly abort: AbortController; readonly done: Promise<void> }>()
  const retries = new Set<() => void>()
  let cancelLook = (): void => undefined
  let isOpen = false

  const publish = (jobId: string): void => {
    topics.job.publish(jobId)
    onJobChanged(jobs.get(jobId))
  }
  const update = (jobId: string, values: Partial<Omit<JobRow, 'id'>>): void => {
    db.run(db.sql.updateTable('provisioner_jobs').set(values).where('id', '=', jobId))
  }
  const set = (jobId: string, values: Partial<Omit<JobRow, 'id'>>): void => {
    update(jobId, values)
    publish(jobId)
  }
  const end = (jobId: string, { status, error, errorCode }: Outcome): void => {
    update(jobId, { status, error: error ?? null, error_code: errorCode ?? null, completed_at: clock.now() })
  }
  const finish = (jobId: string, outcome: Outcome): void => {
    end(jobId, outcome)
    publish(jobId)
  }
  const succeed = (job: JobRow): void => {
    db.transaction(() => {
      end(job.id, { status: 'succeeded' })
      onSucceeded(job)
    })
    publish(job.id)
  }
  const note = (jobId: string, output: string): void => {
    logs.append(jobId, { source: 'provisioner_daemon', level: 'error', stage: 'Cleaning Up', output })
  }

  /** What becomes of a job that ran when the server ended: done again where that is safe, else failed in words. */
  const settle = (jobId: string): void => {
    const job = jobs.get(jobId)
    if (job.status === 'canceling') {
      finish(jobId, { status: 'canceled', error: 'Canceled' })
    } else if (isResumable(job) && job.attempts < MAX_ATTEMPTS) {
      note(jobId, RESUMED)
      set(jobId, { status: 'pending', started_at: null, worker_id: null })
    } else {
      note(jobId, INTERRUPTED)
      finish(jobId, { status: 'failed', error: INTERRUPTED })
    }
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
    if (signal.aborted) return { status: 'canceled', error: 'Canceled' }
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
    try {
      await runners[job.type as keyof JobRunners](job, signal)
      await keepTrying(job.id, () => succeed(job))
    } catch (error) {
      if (signal.aborted && !isOpen) {
        await keepTrying(job.id, () => db.transaction(() => settle(job.id)))
        return
      }
      const outcome = outcomeOf(job, error, signal)
      await keepTrying(job.id, () =>
        db.transaction(() => {
          note(job.id, outcome.error ?? '')
          finish(job.id, outcome)
        }),
      )
    }
  }

  /** A job must not stay "running" because the disk was full when it ended. What is left at the end, the next start ends. */
  const keepTrying = async (jobId: string, write: () => void): Promise<void> => {
    for (;;) {
      try {
        write()
        return
      } catch (error) {
        if (storageFailureOf(error) === undefined) throw error
        logger.error('The end of a job could not be written', { jobId, error: String(error) })
      }
      if (!isOpen) return
      await new Promise<void>((resolve) => {
        const cancel = clock.after(RETRY_MS, wakeUp)
        function wakeUp(): void {
          cancel()
          retries.delete(wakeUp)
          resolve()
        }
        retries.add(wakeUp)
      })
    }
  }

  /** False when it cannot be written that the job runs: it waits then, and is looked for again. */
  const begin = ({ id: jobId, attempts }: JobRow): boolean => {
    try {
      set(jobId, {
        status: 'running',
        started_at: clock.now(),
        worker_id: workerId,
        attempts: attempts + 1,
      })
      return true
    } catch (error) {
      if (storageFailureOf(error) === undefined) throw error
      logger.error('A job could not be begun', { jobId, error: String(error) })
      cancelLook()
      cancelLook = clock.after(RETRY_MS, wake)
      return false
    }
  }

  const wake = (): void => {
    while (isOpen && running.size < MAX_PARALLEL_JOBS) {
      const job = nextWaiting()
      if (!job) return
      if (!begin(job)) return
      const abort = new AbortController()
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
      for (const { id } of interrupted) settle(id)
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
      cancelLook()
      for (const wakeUp of [...retries]) wakeUp()
      const left = [...running.values()]
      for (const { abort } of left) abort.abort()
      await Promise.all(left.map(({ done }) => done))
    },
  }
}
