import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import LibsqlDatabase from 'libsql'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listBackups } from './backups.ts'
import { migrations } from './migrations/all.ts'
import { openDatabase } from './open-database.ts'

const FIXTURES = fileURLToPath(new URL('../../testing/fixtures', import.meta.url))
const released = readdirSync(FIXTURES).filter((name) => /^schema-\d+\.sql$/.test(name))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-migrate-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Answers of a file that nobody else has open. */
function query(dataDir: string, sql: string): Record<string, unknown>[] {
  const connection = new LibsqlDatabase(join(dataDir, 'outpost.db'))
  const rows = connection.prepare(sql).all() as Record<string, unknown>[]
  connection.close()
  return rows
}

/** Tables and indexes by name, without what depends on how the text was laid out. */
function schemaOf(dataDir: string): Map<unknown, string> {
  const rows = query(
    dataDir,
    "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name",
  )
  return new Map(rows.map(({ name, sql }) => [name, String(sql).replaceAll(/[\s"]+/g, ' ')]))
}

function countsOf(dataDir: string, tables: readonly string[]): Map<string, unknown> {
  return new Map(
    tables.map((table) => [table, query(dataDir, `SELECT count(*) AS rows FROM ${table}`)[0]?.['rows']]),
  )
}

function fill(dataDir: string, statements: string): void {
  mkdirSync(dataDir, { recursive: true })
  const connection = new LibsqlDatabase(join(dataDir, 'outpost.db'))
  connection.exec(statements)
  connection.close()
}

describe.each(released)('a database as %s left it', (fixture) => {
  const statements = readFileSync(join(FIXTURES, fixture), 'utf8')
  const version = Number(/\d+/.exec(fixture)?.[0])

  it('is what the migrations up to it make, which are never changed', () => {
    fill(join(folder, 'old'), statements)
    openDatabase(join(folder, 'made'), { migrations: migrations.slice(0, version) }).close()
    expect(schemaOf(join(folder, 'old'))).toEqual(schemaOf(join(folder, 'made')))
  })

  it('gets the schema of a new one, keeps its rows, and is sound', () => {
    fill(folder, statements)
    const tables = [...statements.matchAll(/^CREATE TABLE (\w+)/gm)].map(([, name = '']) => name)
    const before = countsOf(folder, tables)
    openDatabase(folder).close()
    openDatabase(join(folder, 'new')).close()
    expect(schemaOf(folder)).toEqual(schemaOf(join(folder, 'new')))
    const kept = tables.filter((table) => table !== 'schema_migrations' && schemaOf(folder).has(table))
    const after = countsOf(folder, kept)
    for (const table of kept)
      expect(Number(after.get(table)), table).toBeGreaterThanOrEqual(Number(before.get(table)))
    expect(query(folder, 'PRAGMA foreign_key_check')).toEqual([])
  })
})

describe('an update of the schema', () => {
  const added = { name: 'added', statements: 'CREATE TABLE added (id TEXT PRIMARY KEY) STRICT;' }
  const broken = {
    name: 'broken',
    statements: 'CREATE TABLE half (id TEXT PRIMARY KEY) STRICT; INSERT INTO nowhere VALUES (1);',
  }

  it('begins with a backup', () => {
    openDatabase(folder).close()
    expect(listBackups(folder)).toEqual([])
    openDatabase(folder, { migrations: [...migrations, added] }).close()
    expect(listBackups(folder).map(({ name }) => name)).toEqual([
      `outpost-before-schema-${migrations.length + 1}.db`,
    ])
  })

  it('that fails leaves the last good schema, which the old version opens', () => {
    openDatabase(folder).close()
    const before = schemaOf(folder)
    expect(() => openDatabase(folder, { migrations: [...migrations, added, broken] })).toThrow(/nowhere/)
    const after = schemaOf(folder)
    expect([after.has('added'), after.has('half')]).toEqual([true, false])
    after.delete('added')
    expect(after).toEqual(before)
    openDatabase(folder, { migrations: [...migrations, added] }).close()
  })

  it('to a version that this one does not know is refused before anything is changed', () => {
    openDatabase(folder, { migrations: [...migrations, added] }).close()
    const before = readFileSync(join(folder, 'outpost.db'))
    expect(() => openDatabase(folder)).toThrow(/newer version of Outpost/)
    expect(readFileSync(join(folder, 'outpost.db')).equals(before)).toBe(true)
  })
})
