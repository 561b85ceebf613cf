import { sql } from 'kysely'
import type { Database } from './database.ts'
import { migrations } from './migrations/all.ts'

/** The file was written by a newer version; opening it with this one could lose what that version knows. */
export class SchemaTooNewError extends Error {
  override readonly name = 'SchemaTooNewError'
}

/** Applies what is missing, each migration in a transaction of its own, so a failure leaves the last good schema. */
export function applyMigrations(database: Database): void {
  database.script(
    'CREATE TABLE IF NOT EXISTS schema_migrations (id INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT',
  )
  const applied = new Set(
    database.all(database.sql.selectFrom('schema_migrations').select('id')).map((row) => row.id),
  )
  const newest = migrations.length
  for (const id of applied) {
    if (id > newest) {
      throw new SchemaTooNewError(
        `The data of this local deployment was written by a newer version of Outpost (schema ${id}, this version knows ${newest}). Install the newer version, or use another data folder.`,
      )
    }
  }
  migrations.forEach((migration, index) => {
    const id = index + 1
    if (applied.has(id)) return
    // Without effect inside a transaction, so around it; dropping a table would else empty those that cascade from it.
    if (migration.rebuilds === true) database.script('PRAGMA foreign_keys = OFF')
    try {
      database.transaction(() => {
        database.script(migration.statements)
        if (migration.rebuilds === true) checkForeignKeys(database)
        database.run(
          database.sql
            .insertInto('schema_migrations')
            .values({ id, name: migration.name, applied_at: Date.now() }),
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
