import { randomUUID } from 'node:crypto'
import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { BACKUP_FOLDER, type Backup, placeBackup, UNFINISHED } from './backups.ts'
import { connectDatabase, type Database } from './database.ts'
import { findDamage } from './find-damage.ts'

/**
 * Changes what is in a backup. The change works on a copy, which takes the backup's place as a whole when it answers that
 * there is something to keep; the sequence stays.
 *
 * @throws {Error} for one that is damaged, and what the change, SQLite and the file system throw; the backup stays as it
 * was.
 */
export function rewriteBackup(dataDir: string, backup: Backup, change: (copy: Database) => boolean): void {
  // A connection ends late, and deletes its journal by name: a name that nothing else ever has.
  const copy = join(dataDir, BACKUP_FOLDER, `${backup.name}${UNFINISHED}-${randomUUID()}`)
  try {
    copyFileSync(backup.path, copy)
    const damage = findDamage(copy)
    if (damage !== undefined) throw new Error(`The backup is damaged: ${damage}`)
    const database = connectDatabase(copy)
    try {
      if (change(database)) placeBackup(database, dataDir, backup.name)
    } finally {
      database.close()
    }
  } finally {
    for (const companion of ['', '-wal', '-shm']) rmSync(`${copy}${companion}`, { force: true })
  }
}
