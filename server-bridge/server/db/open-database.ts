import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, systemClock } from '../../lib/clock.ts'
import { type Logger, silentLogger } from '../../lib/logger.ts'
import { beforeSchemaName, removeUnfinishedBackups, writeBackup } from './backups.ts'
import { lockDataFolder } from './data-folder-lock.ts'
import { connectDatabase, type Database } from './database.ts'
import { applyMigrations, type MigrationOptions } from './migrate.ts'
import { ensureSoundDatabase } from './restore-database.ts'

const DATABASE_FILE = 'outpost.db'

export interface OpenDatabaseOptions {
  readonly clock?: Clock
  readonly logger?: Logger
  readonly migrations?: MigrationOptions['all']
}

export interface OpenedDatabase extends Database {
  /** What happened to the data at this start, in sentences for the user. Empty as a rule. */
  readonly notices: readonly string[]
}

/**
 * Opens the deployment's database in its data folder (made when missing) for this process alone, checks that it is
 * sound, brings its schema up to date (with a backup before) and keeps all of it to its owner.
 *
 * @throws {DataFolderInUseError} while another server has the folder.
 * @throws {DamagedDatabaseError} when it is damaged and there is no good backup.
 * @throws {SchemaTooNewError} when a newer version of the app has already written the file.
 */
export function openDatabase(dataDir: string, options: OpenDatabaseOptions = {}): OpenedDatabase {
  const { clock = systemClock, logger = silentLogger } = options
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  // A folder that was there before, or a wide umask, must not leave tokens readable to other users.
  chmodSync(dataDir, 0o700)
  const unlock = lockDataFolder(dataDir)
  try {
    const path = join(dataDir, DATABASE_FILE)
    removeUnfinishedBackups(dataDir)
    const notice = ensureSoundDatabase(path, dataDir, clock.now())
    if (notice !== undefined) logger.warn(notice)
    closeSync(openSync(path, 'a', 0o600))
    chmodSync(path, 0o600)
    const database = openAndMigrate(path, dataDir, options.migrations)
    return {
      ...database,
      notices: notice === undefined ? [] : [notice],
      close() {
        database.close()
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw error
  }
}

function openAndMigrate(path: string, dataDir: string, all: MigrationOptions['all']): Database {
  const database = connectDatabase(path)
  try {
    applyMigrations(database, {
      ...(all ? { all } : {}),
      onBeforeUpdate: (version) => writeBackup(database, dataDir, beforeSchemaName(version + 1)),
    })
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
