import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createFakeClock } from '../../testing/fake-clock.ts'
import type { Database } from '../db/database.ts'
import { openDatabase } from '../db/open-database.ts'
import { createTemplateUsage } from './template-usage.ts'

const HOUR_MS = 3_600_000
const now = Date.parse('2026-03-10T02:30:00Z')
let folder: string
let db: Database

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-usage-'))
  db = openDatabase(folder)
  db.script(`
    INSERT INTO organizations (id, name, display_name, description, icon, is_default, created_at, updated_at)
      VALUES ('org', 'coder', '', '', '', 1, 0, 0);
    INSERT INTO users (id, username, email, name, avatar_url, status, login_type, roles, created_at, updated_at)
      VALUES ('ada', 'ada', 'a@x', '', '', 'active', 'password', '[]', 0, 0),
        ('bob', 'bob', 'b@x', '', '', 'active', 'password', '[]', 0, 0);
    INSERT INTO templates (id, organization_id, name, display_name, description, icon, active_version_id, created_by,
      deprecation_message, settings, deleted, created_at, updated_at)
      VALUES ('t', 'org', 't', '', '', '', 'v', 'ada', '', '{}', 0, 0, 0),
      ('u', 'org', 'u', '', '', '', 'v', 'ada', '', '{}', 0, 0, 0);
  `)
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

/** A workspace of the user, used at these times. */
function use(userId: string, templateId: string, times: readonly string[]): void {
  const [first, ...later] = times.map((time) => Date.parse(time))
  const id = `${userId}-${templateId}`
  db.script(`
    INSERT INTO workspaces (id, owner_id, organization_id, template_id, name, folder, automatic_updates,
      last_used_at, created_at, updated_at)
      VALUES ('${id}', '${userId}', 'org', '${templateId}', '${id}', '${id}', 'never', ${first}, 0, 0);
    ${later.map((time) => `UPDATE workspaces SET last_used_at = ${time} WHERE id = '${id}';`).join('\n')}
  `)
}

it('counts a user once a day, in the zone of who asks, with the days between', () => {
  use('ada', 't', ['2026-03-07T23:10:00Z', '2026-03-07T23:50:00Z', '2026-03-10T01:00:00Z'])
  use('bob', 't', ['2026-03-07T08:00:00Z'])
  const usage = createTemplateUsage(db, createFakeClock(now))
  expect(usage.daily('t', 0)).toEqual({
    tz_hour_offset: 0,
    entries: [
      { date: '2026-03-07', amount: 2 },
      { date: '2026-03-08', amount: 0 },
      { date: '2026-03-09', amount: 0 },
      { date: '2026-03-10', amount: 1 },
    ],
  })
  expect(usage.daily('t', 2).entries.slice(0, 2)).toEqual([
    { date: '2026-03-07', amount: 1 },
    { date: '2026-03-08', amount: 1 },
  ])
  // West of Greenwich the last use was on the day before.
  expect(usage.daily('t', -5).entries.at(-1)).toEqual({ date: '2026-03-09', amount: 1 })
  expect(usage.daily('u', 0).entries).toEqual([])
})

it('counts who was there in the last 24 hours, by template', () => {
  const ago = (hours: number): string => new Date(now - hours * HOUR_MS).toISOString()
  use('ada', 't', [ago(100), ago(2)])
  use('bob', 't', [ago(30)])
  use('bob', 'u', [ago(1)])
  const usage = createTemplateUsage(db, createFakeClock(now))
  expect([...usage.activeUsers(['t', 'u'])].sort()).toEqual([
    ['t', 1],
    ['u', 1],
  ])
})
