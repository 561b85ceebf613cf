import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import LibsqlDatabase from 'libsql'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findDamage } from './find-damage.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'outpost-damage-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Has the database for itself until it ends, a moment after it says so: the one who waits for it cannot tell it anything. */
const HOLDER = `
  const [, libsql, path] = process.argv
  const database = new (require(libsql))(path)
  database.exec('BEGIN EXCLUSIVE')
  process.stdout.write('held', () => setTimeout(() => process.exit(), 200))`

it('waits for another program that has the database for a moment', async () => {
  const path = join(folder, 'a.db')
  const database = new LibsqlDatabase(path)
  database.exec('CREATE TABLE a (b)')
  database.close()
  const libsql = createRequire(import.meta.url).resolve('libsql')
  const holder = spawn(process.execPath, ['-e', HOLDER, libsql, path])
  await once(holder.stdout, 'data')
  expect(findDamage(path)).toBeUndefined()
  await once(holder, 'close')
})
