import LibsqlDatabase from 'libsql'
import { errorCode } from '../../lib/to-error.ts'
import { storageFailureOf } from './storage-failure.ts'

/** Fails, with an overflow, when SQLite's check of the whole file finds anything. */
const CHECK = `SELECT CASE WHEN EXISTS (SELECT 1 FROM pragma_quick_check(1) WHERE quick_check <> 'ok')
  THEN abs(-9223372036854775808) END`

/**
 * Reads the whole file, at about a millisecond a megabyte.
 *
 * It must leave nothing open: libsql ends a connection only when its statements were collected, and the end of the last
 * connection deletes the journal by its name, which may be that of a restored database by then. So the check is a script,
 * which makes no statement object, and can only answer by failing.
 *
 * @returns what is wrong with it, `undefined` when nothing is.
 * @throws when the file cannot be read at all.
 */
export function findDamage(path: string): string | undefined {
  const connection = new LibsqlDatabase(path)
  try {
    // Another program may look into it just now, as a server that was killed is started anew.
    connection.exec(`PRAGMA busy_timeout = 5000; ${CHECK}`)
    return undefined
  } catch (error) {
    if (errorCode(error) === 'SQLITE_ERROR') return 'its pages contradict each other'
    if (storageFailureOf(error) !== 'damaged') throw error
    return error instanceof Error ? error.message : String(error)
  } finally {
    connection.close()
  }
}
