import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Database } from '../db/database.ts'

const DAY_MS = 24 * 3_600_000
const MINUTE_MS = 60_000
const SWEEP_MS = 3_600_000

/** How long rows are kept that nobody deletes by hand. */
export const retentionMs = {
  auditLogs: 365 * DAY_MS,
  notifications: 90 * DAY_MS,
  activity: 180 * DAY_MS,
} as const

/** Removes what is older than it is kept for, now and every hour. Returns the function that ends it. */
export function startRetention(db: Database, clock: Clock, logger: Logger): () => void {
  const sweep = (): void => {
    const now = clock.now()
    try {
      const removed = db.transaction(() => [
        db.run(db.sql.deleteFrom('audit_logs').where('created_at', '<', now - retentionMs.auditLogs)),
        db.run(
          db.sql.deleteFrom('inbox_notifications').where('created_at', '<', now - retentionMs.notifications),
        ),
        db.run(
          db.sql
            .deleteFrom('workspace_activity')
            .where('minute', '<', Math.floor((now - retentionMs.activity) / MINUTE_MS)),
        ),
      ])
      const rows = removed.reduce((sum, count) => sum + count, 0)
      if (rows > 0) logger.info('Old rows were removed', { rows })
    } catch (error) {
      // A full disk, say: the next turn tries again, and the server goes on.
      logger.error('Old rows could not be removed', { error: String(error) })
    }
  }
  sweep()
  return clock.every(SWEEP_MS, sweep)
}
