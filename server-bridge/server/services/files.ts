import { createHash, randomUUID } from 'node:crypto'
import type { Clock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'

export interface StoredFile {
  readonly id: string
  readonly createdBy: string
  readonly mimetype: string
  readonly data: Uint8Array
}

export interface Files {
  /** Stores an archive; the same bytes of the same user are stored once. */
  store(userId: string, mimetype: string, data: Uint8Array): { readonly id: string; readonly isNew: boolean }
  get(id: string): StoredFile | undefined
  /** The same without the bytes. */
  describe(id: string): Pick<StoredFile, 'id' | 'createdBy'> | undefined
}

export function createFiles(db: Database, clock: Clock): Files {
  return {
    store(userId, mimetype, data) {
      const hash = createHash('sha256').update(data).digest('hex')
      const known = db.first(
        db.sql.selectFrom('files').select('id').where('hash', '=', hash).where('created_by', '=', userId),
      )
      if (known) return { id: known.id, isNew: false }
      const id = randomUUID()
      db.run(
        db.sql
          .insertInto('files')
          .values({ id, hash, created_by: userId, created_at: clock.now(), mimetype, data }),
      )
      return { id, isNew: true }
    },
    describe: (id) =>
      db.first(db.sql.selectFrom('files').select(['id', 'created_by as createdBy']).where('id', '=', id)),
    get(id) {
      const row = db.first(db.sql.selectFrom('files').selectAll().where('id', '=', id))
      return (
        row && {
          id: row.id,
          createdBy: row.created_by,
          mimetype: row.mimetype,
          data: new Uint8Array(row.data),
        }
      )
    },
  }
}
