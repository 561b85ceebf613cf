import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createStatementCounter } from '../../testing/count-statements.ts'
import { createFakeClock } from '../../testing/fake-clock.ts'
import type { Database } from '../db/database.ts'
import { openDatabase } from '../db/open-database.ts'
import { createInsights } from './insights.ts'

const DAY_MS = 24 * 3_600_000
const now = Date.parse('2026-03-10T02:30:00Z')
const clock = createFakeClock(now)
let folder: string
let db: Database

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-insights-'))
  db = openDatabase(folder)
  db.script(`
    INSERT INTO organizations (id, name, display_name, description, icon, is_default, created_at, updated_at)
      VALUES ('org', 'coder', '', '', '', 1, 0, 0);
    INSERT INTO users (id, username, email, name, avatar_url, status, login_type, roles, created_at, updated_at)
      VALUES ('ada', 'ada', 'a@x', '', '', 'active', 'password', '[]', 0, 0);
    INSERT INTO templates (id, organization_id, name, display_name, description, icon, active_version_id, created_by,
      deprecation_message, settings, deleted, created_at, updated_at)
      VALUES ('t', 'org', 't', '', '', '', 'v', 'ada', '', '{}', 0, 0, 0);
    INSERT INTO workspaces (id, owner_id, organization_id, template_id, name, folder, automatic_updates,
      last_used_at, created_at, updated_at)
      VALUES ('w', 'ada', 'org', 't', 'w', 'w', 'never', 0, 0, 0);
  `)
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

function use(time: string): void {
  db.script(`
    INSERT INTO workspace_activity (workspace_id, app, minute, user_id, template_id)
      VALUES ('w', 'ssh', ${Math.floor(Date.parse(time) / 60_000)}, 'ada', 't');`)
}
const period = (start: string, end: string) => ({
  start: Date.parse(start),
  end: Date.parse(end),
  templateIds: [],
})

it('cuts a period into days, of which each has its own users', () => {
  use('2026-03-07T23:59:00Z')
  use('2026-03-09T00:00:00Z')
  const days = createInsights(db, clock).intervals(
    period('2026-03-07T00:00:00Z', '2026-03-11T00:00:00Z'),
    'day',
  )
  expect(days.map((day) => [day.start_time.slice(0, 10), day.active_users, day.template_ids])).toEqual([
    ['2026-03-07', 1, ['t']],
    ['2026-03-08', 0, []],
    ['2026-03-09', 1, ['t']],
    ['2026-03-10', 0, []],
  ])
  expect(days.at(-1)?.end_time).toBe('2026-03-11T00:00:00.000Z')
})

it('reads a period of any length once, and tells of the days that are kept', () => {
  use('2026-03-09T12:00:00Z')
  const asked = period('0001-01-01T00:00:00Z', '9999-12-31T00:00:00Z')
  for (const interval of ['day', 'week'] as const) {
    const statements = createStatementCounter(db)((counted) => {
      const reports = createInsights(counted, clock).intervals(asked, interval)
      expect(reports.length).toBeLessThanOrEqual(interval === 'day' ? 181 : 27)
      expect(Date.parse(reports[0]!.end_time)).toBeGreaterThan(now - 180 * DAY_MS)
      expect(Date.parse(reports.at(-1)!.start_time)).toBeLessThanOrEqual(now)
      expect(reports.filter((report) => report.active_users === 1)).toHaveLength(1)
    })
    expect(statements).toBe(1)
  }
})

it('has nothing to tell of what is yet to come', () => {
  expect(
    createInsights(db, clock).intervals(period('2027-01-01T00:00:00Z', '2027-02-01T00:00:00Z'), 'day'),
  ).toEqual([])
})
