import { sql } from 'kysely'
import type { Database } from './database.ts'
import { type Migration, migrations } from './migrations/all.ts'

/** The file was written by a newer version; opening it with this one could lose what that version knows. */
export class SchemaTooNewError extends Error {
  override readonly name = 'SchemaTooNewError'
}

export interface MigrationOptions {
  readonly all?: readonly Migration[]
  /** Called before the first change to a schema that has been in use, with the version it has. */
  readonly onBeforeUpdate?: (version: number) => void
}

/**
 * Applies what is missing, each migration in a transaction of its own, so a failure leaves the last good schema.
 *
 * @throws {SchemaTooNewError} before anything is changed.
 */
export function applyMigrations(database: Database, options: MigrationOptions = {}): void {
  const { all = migrations, onBeforeUpdate } = options
  database.script(
    'CREATE TABLE IF NOT EXISTS schema_migrations (id INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT',
  )
  const version = schemaVersion(database)
  const newest = all.length
  if (version > newest) {
    throw new SchemaTooNewError(
      `The data of this local deployment was written by a newer version of Outpost (schema ${version}, this version knows ${newest}). Install the newer version, or use another data folder.`,
    )
  }
  if (version > 0 && version < newest) onBeforeUpdate?.(version)
  all.slice(version).forEach((migration, index) => {
    // Without effect inside a transaction, so around it; dropping a table would else empty those that cascade from it.
    if (migration.rebuilds === true) database.script('PRAGMA foreign_keys = OFF')
    try {
      database.transaction(() => {
        database.script(migration.statements)
        if (migration.rebuilds === true) checkForeignKeys(database)
        database.run(
          database.sql
            .insertInto('schema_migrations')
            .values({ id: version + index + 1, name: migration.name, applied_at: Date.now() }),
        )
      })
    } finally {
      if (migration.rebuilds === true) database.script('PRAGMA foreign_keys = ON')
    }
  })
}

function checkForeignKeys(database: Database): void {
  const violations = database.all({
    compile: () => sql`SELECT "table" FROM pragma_foreign_key_check`.compile(database.sql),
  })
  if (violations.length > 0) {
    throw new Error(`A migration would leave ${violations.length} rows that point to nothing.`)
  }
}

/** The number of the last migration that was applied; 0 for a new file. */
function schemaVersion(database: Database): number {
  const row = database.first(
    database.sql.selectFrom('schema_migrations').select((table) => table.fn.max('id').as('version')),
  )
  return row?.version ?? 0
}
