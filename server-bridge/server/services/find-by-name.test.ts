import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { systemClock } from '../../lib/clock.ts'
import type { Database } from '../db/database.ts'
import { openDatabase } from '../db/open-database.ts'
import { createAccounts } from './accounts.ts'
import { findsByName } from './find-by-name.ts'
import { createOrganizations } from './organizations.ts'

let folder: string
let db: Database
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-names-'))
  db = openDatabase(folder)
  const accounts = createAccounts(db, systemClock, createOrganizations(db, systemClock))
  for (const [username, name] of [
    ['anne', 'Änne Öztürk'],
    ['ada', 'Ada King'],
  ] as const)
    await accounts.create({ username, email: `${username}@example.com`, name, role: 'owner' })
})
afterAll(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

it.each([
  ['ADA', ['ada']],
  ['king', ['ada']],
  ['Änne', ['anne']],
  ['änne ö', ['anne']],
  ['ztürk', ['anne']],
  ["' or 1=1 --", []],
])('finds people by %s', (text, found) => {
  const query = db.sql
    .selectFrom('users')
    .select('username')
    .where(findsByName(['username', 'name'], text))
  expect(db.all(query).map(({ username }) => username)).toEqual(found)
})
