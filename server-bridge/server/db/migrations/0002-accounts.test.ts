import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectDatabase, type Database, isUniqueViolation } from '../database.ts'
import { applyMigrations } from '../migrate.ts'
import { initialSchema } from './0001-initial-schema.ts'

let folder: string
let database: Database
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-migrate-'))
  database = connectDatabase(join(folder, 'old.db'))
})
afterEach(() => {
  database.close()
  rmSync(folder, { recursive: true, force: true })
})

const count = (table: string): number =>
  database.first<{ rows: number }>({
    compile: () =>
      sql<{ rows: number }>`SELECT count(*) AS rows FROM ${sql.table(table)}`.compile(database.sql),
  })!.rows

describe('a file of the first version', () => {
  beforeEach(() => {
    database.script(initialSchema)
    database.script(`
      CREATE TABLE schema_migrations (id INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT;
      INSERT INTO schema_migrations VALUES (1, 'initial-schema', 1);
      INSERT INTO organizations VALUES ('o', 'coder', 'Coder', '', '', 1, 1, 1);
      INSERT INTO users VALUES ('u', 'ada', 'ada@example.com', 'Ada', '', NULL, 'active', 'password', '["owner"]', 1, 2, 3);
      INSERT INTO organization_members VALUES ('o', 'u', '[]', 7);
      INSERT INTO api_keys VALUES ('k', 'u', x'00', 'password', '', '["coder:all"]', 1, 1, 1, NULL, 9);
      INSERT INTO files VALUES ('f', 'h', 'u', 1, 'application/x-tar', x'00');
    `)
    applyMigrations(database)
  })

  it('keeps accounts and everything that points to them', () => {
    const user = database.first(database.sql.selectFrom('users').selectAll())
    expect(user).toMatchObject({ id: 'u', username: 'ada', last_seen_at: 3, deleted: 0, service_account: 0 })
    expect([count('organization_members'), count('api_keys'), count('files')]).toEqual([1, 1, 1])
    expect(database.first(database.sql.selectFrom('api_keys').select('allow_list'))?.allow_list).toBe(
      '["*:*"]',
    )
    expect(
      database.first(database.sql.selectFrom('organization_members').select('updated_at'))?.updated_at,
    ).toBe(7)
  })

  it('still minds its pointers afterwards, and what goes with an account', () => {
    expect(() => database.script(`INSERT INTO files VALUES ('g', 'i', 'nobody', 1, '', x'00')`)).toThrow(
      /FOREIGN KEY/,
    )
    database.script(`DELETE FROM files; DELETE FROM users`)
    expect([count('organization_members'), count('api_keys')]).toEqual([0, 0])
  })

  it('keeps names apart while accounts live, without regard to case', () => {
    const add = (id: string, username: string): void =>
      database.script(
        `INSERT INTO users VALUES ('${id}', '${username}', '${id}@x.org', '', '', NULL, 'active', 'password', '[]', 1, 1, NULL, 0, 0)`,
      )
    let refusal: unknown
    try {
      add('v', 'ADA')
    } catch (error) {
      refusal = error
    }
    expect(isUniqueViolation(refusal)).toBe(true)
    database.script(`UPDATE users SET deleted = 1`)
    add('v', 'ADA')
    expect(count('users')).toBe(2)
  })
})
