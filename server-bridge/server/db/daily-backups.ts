import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../lib/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import { BACKUP_FOLDER, dailyBackupName, writeBackup } from './backups.ts'
import type { Database } from './database.ts'

/** A start has better things to do than a backup; after this the server is rather quiet. */
const FIRST_LOOK_MS = 60_000
/** Looks rather than counts to a day: timers stand still while a machine sleeps, and clocks are set. */
const LOOK_EVERY_MS = 30 * 60_000

export interface DailyBackupDeps {
  readonly db: Database
  readonly dataDir: string
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Makes one backup a day (UTC) while the server runs. A failure is logged and tried again at the next look.
 *
 * @returns what ends it.
 */
export function startDailyBackups({ db, dataDir, clock, logger }: DailyBackupDeps): () => void {
  const look = (): void => {
    const name = dailyBackupName(clock.now())
    if (existsSync(join(dataDir, BACKUP_FOLDER, name))) return
    const startedAt = clock.now()
    try {
      writeBackup(db, dataDir, name)
      logger.info('The database was backed up', { name, durationMs: clock.now() - startedAt })
    } catch (error) {
      logger.error('The database could not be backed up', {
        name,
        error: error instanceof Error ? error.message : String(error),
      })
    }
  }
  const cancelFirst = clock.after(FIRST_LOOK_MS, look)
  const cancelRest = clock.every(LOOK_EVERY_MS, look)
  return () => {
    cancelFirst()
    cancelRest()
  }
}
