import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { lockDataFolder } from './data-folder-lock.ts'
import { connectDatabase, type Database } from './database.ts'
import { applyMigrations } from './migrate.ts'

const DATABASE_FILE = 'outpost.db'

/**
 * Opens the deployment's database in its data folder (made when missing) for this process alone, brings its schema up
 * to date and keeps both to their owner.
 *
 * @throws {DataFolderInUseError} while another server has the folder.
 * @throws {SchemaTooNewError} when a newer version of the app has already written the file.
 */
export function openDatabase(dataDir: string): Database {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  // A folder that was there before, or a wide umask, must not leave tokens readable to other users.
  chmodSync(dataDir, 0o700)
  const unlock = lockDataFolder(dataDir)
  try {
    const path = join(dataDir, DATABASE_FILE)
    closeSync(openSync(path, 'a', 0o600))
    chmodSync(path, 0o600)
    const database = openAndMigrate(path)
    return {
      ...database,
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

function openAndMigrate(path: string): Database {
  const database = connectDatabase(path)
  try {
    applyMigrations(database)
    return database
  } catch (error) {
    database.close()
    throw error
  }
}
