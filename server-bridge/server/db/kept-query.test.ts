import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Database } from './database.ts'
import { keptQuery } from './kept-query.ts'
import { openDatabase } from './open-database.ts'

let folder: string
let db: Database
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-kept-'))
  db = openDatabase(join(folder, 'data'))
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

interface Setting {
  readonly key: string
  readonly value: string
}
const put = () => keptQuery((row: Setting) => db.sql.insertInto('deployment_settings').values(row))
const all = () => db.all(db.sql.selectFrom('deployment_settings').selectAll().orderBy('key'))

it('a kept query is put together once and gets each value in its own place', () => {
  let built = 0
  const find = keptQuery((key: string, value: string) => {
    built += 1
    return db.sql
      .selectFrom('deployment_settings')
      .selectAll()
      .where('value', '=', value)
      .where('key', '=', key)
  })
  const insert = put()
  db.run(insert({ key: 'a', value: 'x' }))
  // The columns may come in another order.
  db.run(insert({ value: "y' or 1", key: 'b' }))
  expect(all()).toEqual([
    { key: 'a', value: 'x' },
    { key: 'b', value: "y' or 1" },
  ])
  expect(db.first(find('a', 'x'))).toEqual({ key: 'a', value: 'x' })
  expect(db.first(find('b', "y' or 1"))).toEqual({ key: 'b', value: "y' or 1" })
  expect(db.first(find('a', 'y'))).toBeUndefined()
  expect(built).toBe(1)
})

it('a kept query has a form for each set of columns', () => {
  const set = keptQuery((values: Partial<Setting>, key: string) =>
    db.sql.updateTable('deployment_settings').set(values).where('key', '=', key),
  )
  db.run(put()({ key: 'a', value: 'x' }))
  db.run(set({ value: 'y' }, 'a'))
  expect(all()).toEqual([{ key: 'a', value: 'y' }])
  db.run(set({ key: 'b', value: 'z' }, 'a'))
  expect(all()).toEqual([{ key: 'b', value: 'z' }])
  db.run(set({ key: undefined, value: 'w' } as unknown as Partial<Setting>, 'b'))
  expect(all()).toEqual([{ key: 'b', value: 'w' }])
})

it('a kept query that decides by a value says so', () => {
  const find = keptQuery((key: string) =>
    db.sql.selectFrom('deployment_settings').selectAll().where('key', '=', `${key}!`),
  )
  expect(() => db.first(find('a'))).toThrow('only bind')
})
