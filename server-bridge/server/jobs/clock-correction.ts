import type { Database } from '../db/database.ts'

/** Small steps of the time service are no jumps. */
const TOLERANCE_MS = 60_000

/**
 * Mends what was written while the clock was ahead. Such rows would wait for a time that is far away: a workspace that
 * was started "next year" would never stop. What happened in the future happened now, and what was to follow it keeps
 * its distance. Running it again changes nothing.
 */
export function correctFutureTimes(db: Database, now: number): void {
  const limit = now + TOLERANCE_MS
  const ahead = db.all(
    db.sql
      .selectFrom('workspace_builds')
      .innerJoin('provisioner_jobs as job', 'job.id', 'workspace_builds.job_id')
      .select(['workspace_builds.id', 'job.id as job_id', 'job.completed_at', 'deadline', 'max_deadline'])
      .where('job.completed_at', '>', limit),
  )
  const used = db.all(
    db.sql
      .selectFrom('workspaces')
      .select(['id', 'last_used_at', 'dormant_at', 'deleting_at'])
      .where((where) => where.or([where('last_used_at', '>', limit), where('dormant_at', '>', limit)])),
  )
  if (ahead.length === 0 && used.length === 0) return
  db.transaction(() => {
    for (const row of ahead) {
      const offset = (row.completed_at ?? now) - now
      const moved = (time: number | null): number | null => (time === null ? null : time - offset)
      db.run(
        db.sql
          .updateTable('workspace_builds')
          .set({ deadline: moved(row.deadline), max_deadline: moved(row.max_deadline) })
          .where('id', '=', row.id),
      )
      db.run(db.sql.updateTable('provisioner_jobs').set({ completed_at: now }).where('id', '=', row.job_id))
    }
    for (const row of used) {
      const asleepAhead = row.dormant_at !== null && row.dormant_at > limit ? row.dormant_at - now : 0
      db.run(
        db.sql
          .updateTable('workspaces')
          .set({
            last_used_at: row.last_used_at === null ? null : Math.min(row.last_used_at, now),
            dormant_at: row.dormant_at === null ? null : row.dormant_at - asleepAhead,
            deleting_at: row.deleting_at === null ? null : row.deleting_at - asleepAhead,
          })
          .where('id', '=', row.id),
      )
    }
  })
}
