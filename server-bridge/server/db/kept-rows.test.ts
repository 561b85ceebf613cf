import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Database } from './database.ts'
import { createKeptRows, mayChangeKept } from './kept-rows.ts'
import { openDatabase } from './open-database.ts'

let db: Database
beforeEach(() => {
  db = openDatabase(join(mkdtempSync(join(tmpdir(), 'kept-rows-')), 'x.db'))
})
afterEach(() => db.close())

const put = (key: string, value: string): void =>
  void db.run(
    db.sql
      .insertInto('deployment_settings')
      .values({ key, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value })),
  )
const query = (key: string) => db.sql.selectFrom('deployment_settings').select('value').where('key', '=', key)
const read = (key: string) => db.firstKept(query(key))?.value

describe('rows that are kept', () => {
  it('are the same until one of them may have changed', () => {
    put('a', '1')
    const before = db.allKept(query('a'))
    expect(before).toEqual([{ value: '1' }])
    expect(db.allKept(query('a'))).toBe(before)
    put('b', '1')
    expect(db.allKept(query('a'))).not.toBe(before)
  })

  it('are those of now after each way to change them, also when there were none', () => {
    expect(read('a')).toBeUndefined()
    put('a', '1')
    expect(read('a')).toBe('1')
    put('a', '2')
    expect(read('a')).toBe('2')
    db.run(db.sql.updateTable('deployment_settings').set({ value: '3' }).where('key', '=', 'a'))
    expect(read('a')).toBe('3')
    db.first(db.sql.insertInto('deployment_settings').values({ key: 'c', value: '1' }).returning('key'))
    expect(read('c')).toBe('1')
    db.script(`UPDATE deployment_settings SET value = '4'`)
    expect(read('a')).toBe('4')
    db.run(db.sql.deleteFrom('deployment_settings').where('key', '=', 'a'))
    expect(read('a')).toBeUndefined()
  })

  it('are left alone by what is written all the time', () => {
    const before = db.allKept(query('a'))
    db.run(db.sql.updateTable('chats').set({ title: 'Other' }).where('id', '=', 'none'))
    expect(db.allKept(query('a'))).toBe(before)
    db.run(db.sql.deleteFrom('chats').where('id', '=', 'none'))
    expect(db.allKept(query('a'))).not.toBe(before)
  })

  it('are those from before a transaction that is undone', () => {
    put('a', '1')
    const change = (): never => {
      put('a', '2')
      expect(read('a')).toBe('2')
      throw new Error('undone')
    }
    expect(() => db.transaction(change)).toThrow('undone')
    expect(read('a')).toBe('1')
  })

  it('cannot be changed by who got them', () => {
    put('a', '1')
    const row = db.firstKept(query('a')) as { value: string }
    expect(() => (row.value = '2')).toThrow(TypeError)
  })

  it('depend on nothing that is written all the time', () => {
    expect(() => db.allKept(db.sql.selectFrom('chats').selectAll())).toThrow('chats cannot be kept')
    const nested = db.sql
      .selectFrom('users')
      .select('id')
      .where('id', 'in', db.sql.selectFrom('chat_messages').select('created_by'))
    expect(() => db.allKept(nested as never)).toThrow('chat_messages cannot be kept')
  })
})

describe('what is written', () => {
  it.each([
    ['insert into "chat_messages" ("id") values (?)', true],
    ['update "chats" set "title" = ?', true],
    ['select * from "users"', true],
    ['delete from "chats" where "id" = ?', false],
    ['insert or replace into "chats" ("id") values (?)', false],
    ['update "users" set "status" = ?', false],
    ['with x as (select 1) update "users" set "status" = ?', false],
    ['insert into "chats_archive" values (?)', false],
    ['PRAGMA user_version = 3', false],
  ])('%s leaves them: %s', (sql, leaves) => expect(mayChangeKept(sql)).toBe(!leaves))

  it('does not make them grow without end', () => {
    const rows = createKeptRows()
    const again = vi.fn(() => [{ a: 1 }])
    for (let at = 0; at <= 1000; at += 1) rows.get('select 1', [at], again)
    rows.get('select 1', [0], again)
    expect(again).toHaveBeenCalledTimes(1002)
  })
})
