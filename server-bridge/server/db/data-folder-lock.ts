import { closeSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import LibsqlDatabase from 'libsql'
import { errorCode } from '../../lib/to-error.ts'

const LOCK_FILE = 'server.lock'
const PID_FILE = 'server.pid'

/** Another server works on this data folder. The message is for the user. */
export class DataFolderInUseError extends Error {
  override readonly name = 'DataFolderInUseError'
}

/**
 * Makes this process the only server of the folder, and tells how to give it free again.
 *
 * The lock is a transaction that stays open on a file of its own: the operating system drops the lock of a process
 * that crashed, so there is no stale lock to judge by a process id that something else may have by now. The database
 * itself is not locked this way, because libsql keeps a connection's locks until its statements are collected.
 *
 * @throws {DataFolderInUseError} while another server has the folder.
 */
export function lockDataFolder(dataDir: string): () => void {
  const lockPath = join(dataDir, LOCK_FILE)
  closeSync(openSync(lockPath, 'a', 0o600))
  const connection = new LibsqlDatabase(lockPath)
  try {
    // The timeout covers a predecessor that is just leaving.
    connection.exec('PRAGMA busy_timeout = 2000; BEGIN EXCLUSIVE')
  } catch (error) {
    connection.close()
    if (errorCode(error) !== 'SQLITE_BUSY') throw error
    throw new DataFolderInUseError(
      `Another local deployment${holderOf(dataDir)} already uses ${dataDir}. Stop it, or choose another data folder.`,
      { cause: error },
    )
  }
  const pidPath = join(dataDir, PID_FILE)
  writeFileSync(pidPath, String(process.pid), { mode: 0o600 })
  return () => {
    rmSync(pidPath, { force: true })
    connection.exec('ROLLBACK')
    connection.close()
  }
}

// Only for the sentence; whether the folder is taken is decided by the lock.
function holderOf(dataDir: string): string {
  try {
    return ` (process ${readFileSync(join(dataDir, PID_FILE), 'utf8')})`
  } catch {
    return ''
  }
}
