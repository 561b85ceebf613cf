import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { connectDatabase, isUniqueViolation } from './database.ts'
import { migrations } from './migrations/all.ts'
import { DataFolderInUseError } from './data-folder-lock.ts'
import { openDatabase } from './open-database.ts'

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'outpost-db-')), 'data')
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const setting = (key: string, value: string) => ({ key, value })

describe('openDatabase', () => {
  it('makes a folder and a file that only their owner can read', () => {
    openDatabase(folder).close()
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, 'outpost.db')).mode & 0o777).toBe(0o600)
  })

  it('applies every migration once and keeps the rows of the last run', () => {
    const first = openDatabase(folder)
    first.run(first.sql.insertInto('deployment_settings').values(setting('a', 'b')))
    first.close()
    const second = openDatabase(folder)
    expect(second.all(second.sql.selectFrom('deployment_settings').selectAll())).toEqual([setting('a', 'b')])
    expect(second.all(second.sql.selectFrom('schema_migrations').select('id'))).toHaveLength(
      migrations.length,
    )
    second.close()
  })

  it('refuses a folder that another server has open', () => {
    const first = openDatabase(folder)
    expect(() => openDatabase(folder)).toThrow(DataFolderInUseError)
    first.close()
    openDatabase(folder).close()
  })

  it('refuses a file that a newer version has written, and leaves it as it is', () => {
    const database = openDatabase(folder)
    database.run(
      database.sql
        .insertInto('schema_migrations')
        .values({ id: 999, name: 'from-the-future', applied_at: 1 }),
    )
    database.close()
    expect(() => openDatabase(folder)).toThrow(/newer version of Outpost/)
  })
})

describe('a row', () => {
  it('has each value under the name of its column, also after the table has changed', () => {
    const database = openDatabase(folder)
    database.script('CREATE TABLE kinds (id INTEGER PRIMARY KEY, text, real, blob, empty)')
    const rows = () => database.all({ compile: () => sql`SELECT * FROM kinds`.compile(database.sql) })
    expect(rows()).toEqual([])
    database.script("INSERT INTO kinds VALUES (1, 'a', 1.5, x'0102', NULL)")
    const before = { id: 1, text: 'a', real: 1.5, blob: Buffer.from([1, 2]), empty: null }
    expect(rows()).toEqual([before])
    database.script('ALTER TABLE kinds ADD COLUMN more DEFAULT 2')
    database.script('ALTER TABLE kinds RENAME COLUMN text TO words')
    const { text: words, ...others } = before
    expect(rows()).toEqual([{ ...others, words, more: 2 }])
    const added = sql`INSERT INTO kinds (words) VALUES ('b') RETURNING id, words AS said`
    expect(database.all({ compile: () => added.compile(database.sql) })).toEqual([{ id: 2, said: 'b' }])
    database.close()
  })
})

describe('a transaction', () => {
  it('leaves nothing behind when its work throws', () => {
    const database = openDatabase(folder)
    const insert = () =>
      database.run(database.sql.insertInto('deployment_settings').values(setting('a', 'b')))
    expect(() =>
      database.transaction(() => {
        insert()
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(database.all(database.sql.selectFrom('deployment_settings').selectAll())).toEqual([])
    database.close()
  })

  it('does what is to come after it once it is on disk, and not when it is undone', () => {
    const database = openDatabase(folder)
    const reader = connectDatabase(join(folder, 'outpost.db'))
    const seen: string[][] = []
    const write = (key: string) => {
      database.run(database.sql.insertInto('deployment_settings').values(setting(key, 'b')))
      database.afterCommit(() =>
        seen.push(
          reader.all(reader.sql.selectFrom('deployment_settings').select('key')).map((row) => row.key),
        ),
      )
    }
    database.transaction(() => database.transaction(() => write('a')))
    expect(() =>
      database.transaction(() => {
        write('undone')
        throw new Error('no')
      }),
    ).toThrow('no')
    database.transaction(() => write('c'))
    expect(seen).toEqual([['a'], ['a', 'c']])
    reader.close()
    database.close()
  })

  it('that is on disk a moment later is seen by others at once, and part of the one around it', () => {
    const database = openDatabase(folder)
    const reader = connectDatabase(join(folder, 'outpost.db'))
    const write = (key: string) =>
      database.run(database.sql.insertInto('deployment_settings').values(setting(key, 'b')))
    const keys = () => reader.all(reader.sql.selectFrom('deployment_settings').select('key'))
    database.transactionSyncedAfter(() => write('a'))
    expect(keys()).toEqual([{ key: 'a' }])
    expect(() =>
      database.transaction(() => {
        database.transactionSyncedAfter(() => write('undone'))
        throw new Error('no')
      }),
    ).toThrow('no')
    expect(keys()).toEqual([{ key: 'a' }])
    reader.close()
    database.close()
  })

  it('answer the same question each for itself, whichever way it is asked', () => {
    const database = openDatabase(folder)
    for (const key of ['a', 'b'])
      database.run(database.sql.insertInto('deployment_settings').values(setting(key, `of ${key}`)))
    const about = (key: string) =>
      database.sql.selectFrom('deployment_settings').select('value').where('key', '=', key)
    const answers = ['none', 'a', 'b'].flatMap((key) =>
      ['b', 'a', 'none'].flatMap((other) => [
        database.all(about(key))[0]?.value,
        database.first(about(other))?.value,
        database.allKept(about(key))[0]?.value,
        database.first(about(key))?.value,
      ]),
    )
    const right = (key: string) => (key === 'none' ? undefined : `of ${key}`)
    expect(answers).toEqual(
      ['none', 'a', 'b'].flatMap((key) =>
        ['b', 'a', 'none'].flatMap((other) => [right(key), right(other), right(key), right(key)]),
      ),
    )
    database.close()
  })

  it('that need not wait for the disk is as whole, seen by others, and the next one waits again', () => {
    const database = openDatabase(folder)
    const reader = connectDatabase(join(folder, 'outpost.db'))
    const write = (key: string) =>
      database.run(database.sql.insertInto('deployment_settings').values(setting(key, 'b')))
    const synchronous = () =>
      database.first({ compile: () => sql`select synchronous from pragma_synchronous`.compile(database.sql) })
    expect(() =>
      database.transactionUnsynced(() => {
        write('undone')
        throw new Error('no')
      }),
    ).toThrow('no')
    // Each that waits, whatever came before it.
    for (const wait of [
      () => write('b'),
      () => database.script(`DELETE FROM deployment_settings WHERE key = 'b'`),
      () => database.transaction(() => expect(synchronous()).toEqual({ synchronous: 2 })),
    ]) {
      database.transactionUnsynced(() => expect(synchronous()).toEqual({ synchronous: 1 }))
      wait()
      expect(synchronous()).toEqual({ synchronous: 2 })
    }
    database.transactionUnsynced(() => write('a'))
    expect(reader.all(reader.sql.selectFrom('deployment_settings').select('key'))).toEqual([{ key: 'a' }])
    database.transaction(() =>
      database.transactionUnsynced(() => expect(synchronous()).toEqual({ synchronous: 2 })),
    )
    reader.close()
    database.close()
  })

  it('tells all who wait for it, also after one that fails', () => {
    const database = openDatabase(folder)
    const heard: string[] = []
    const change = () =>
      database.transaction(() => {
        database.afterCommit(() => {
          throw new Error('a reader that fails')
        })
        database.afterCommit(() => heard.push('the worker'))
      })
    expect(change).toThrow('a reader that fails')
    expect(heard).toEqual(['the worker'])
    database.close()
  })

  it('that the database gave up itself fails with the reason, and the next one works', () => {
    const database = openDatabase(folder)
    const insert = (key: string, size: number) =>
      database.transaction(() =>
        database.run(database.sql.insertInto('deployment_settings').values(setting(key, 'x'.repeat(size)))),
      )
    database.script('PRAGMA max_page_count = 1')
    expect(() => insert('big', 50_000_000)).toThrow(/full/)
    database.script('PRAGMA max_page_count = 1000000')
    insert('small', 1)
    database.close()
  })
})

describe('a write', () => {
  it('names a broken unique index as such', () => {
    const database = openDatabase(folder)
    const insert = () =>
      database.run(database.sql.insertInto('deployment_settings').values(setting('a', 'b')))
    insert()
    let caught: unknown
    try {
      insert()
    } catch (error) {
      caught = error
    }
    expect(isUniqueViolation(caught)).toBe(true)
    database.close()
  })

  it('keeps what follows a NUL character', () => {
    const database = openDatabase(folder)
    database.run(database.sql.insertInto('deployment_settings').values(setting('a', 'x\0y')))
    expect(database.first(database.sql.selectFrom('deployment_settings').select('value'))?.value).toBe(
      'x\uFFFDy',
    )
    database.close()
  })
})
