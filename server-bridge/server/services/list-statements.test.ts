import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { templatesRoutes } from '../../contract/templates.ts'
import { createStatementCounter } from '../../testing/count-statements.ts'
import { createFakeClock } from '../../testing/fake-clock.ts'
import type { Database } from '../db/database.ts'
import { openDatabase } from '../db/open-database.ts'
import { createAccounts } from './accounts.ts'
import { parseAuditSearch } from './audit-search.ts'
import { createAuditReader } from './audit-view.ts'
import { keyAccess } from './key-access.ts'
import { createOrganizationMembers } from './organization-members.ts'
import { createOrganizations } from './organizations.ts'
import type { Actor, UserRow } from './sessions.ts'
import { settingsFromRequest } from './template-settings.ts'
import { createTemplateUsage } from './template-usage.ts'
import { createTemplateView } from './template-view.ts'

const PAGES = [1, 50]
const clock = createFakeClock()
let folder: string
let db: Database

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-lists-'))
  db = openDatabase(folder)
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true })
})

/** As many accounts as asked for, the first of which is the owner. */
async function createPeople(count: number): Promise<UserRow[]> {
  const organizations = createOrganizations(db, clock)
  const accounts = createAccounts(db, clock, organizations)
  const people: UserRow[] = []
  for (let index = 0; index < count; index += 1) {
    const username = `person-${index}`
    const role = index === 0 ? 'owner' : 'member'
    people.push(await accounts.create({ username, email: `${username}@example.com`, name: '', role }))
  }
  return people
}

const ownerOf = (user: UserRow): Actor => ({
  user,
  isOwner: true,
  roles: ['owner'],
  organizationRoles: [],
  keyId: 'key',
  access: keyAccess(['coder:all'], ['*:*']),
})

/** Statements for a page of one and of many; `read` must answer as many entries as there are. */
async function statementsOf(
  read: (counted: Database, people: readonly UserRow[]) => readonly unknown[],
): Promise<number[]> {
  const taken: number[] = []
  const people = await createPeople(Math.max(...PAGES))
  for (const size of PAGES) {
    const page = people.slice(0, size)
    taken.push(
      createStatementCounter(db)((counted) => {
        expect(read(counted, page)).toHaveLength(size)
      }),
    )
  }
  return taken
}

describe('a page takes as many statements for many as for one:', () => {
  const accountsOn = (counted: Database) =>
    createAccounts(counted, clock, createOrganizations(counted, clock))

  it('accounts', async () => {
    const [one, many] = await statementsOf((counted, page) => accountsOn(counted).toWirePage(page))
    expect([one, many]).toEqual([1, 1])
  })

  it('members', async () => {
    const organization = createOrganizations(db, clock).default()
    const [one, many] = await statementsOf((counted, page) =>
      createOrganizationMembers(counted, clock, accountsOn(counted)).search(
        organization.id,
        page.length === 1 ? `user_id:${page[0]!.id}` : '',
        ownerOf(page[0]!),
      ),
    )
    expect(many).toBe(one)
  })

  it('the audit log', async () => {
    const [one, many] = await statementsOf((counted, page) => {
      db.script('DELETE FROM audit_logs')
      for (const { id } of page) {
        db.run(
          db.sql.insertInto('audit_logs').values({
            id: randomUUID(),
            created_at: clock.now(),
            request_id: randomUUID(),
            user_id: id,
            organization_id: null,
            ip: '127.0.0.1',
            user_agent: '',
            resource_type: 'user',
            resource_id: id,
            resource_target: '',
            action: 'write',
            status_code: 200,
          }),
        )
      }
      const read = createAuditReader(counted, accountsOn(counted))
      const { audit_logs: entries } = read(parseAuditSearch('', page[0]!.username), { limit: 0, offset: 0 })
      expect(new Set(entries.map((entry) => entry.user?.id)).size).toBe(page.length)
      return entries
    })
    expect(many).toBe(one)
  })

  it('templates, each with the times of its own newest builds', async () => {
    const [one, many] = await statementsOf((counted, page) => {
      const rows = page.map((author, index) => createBuiltTemplate(author.id, index))
      const wire = createTemplateView(counted, createTemplateUsage(counted, clock))(rows)
      expect(wire.map((template) => template.build_time_stats['start']?.P50)).toEqual(
        rows.map((_, index) => 1000 + index),
      )
      expect(wire.every(({ build_time_stats: stats }) => (stats['start']?.P95 ?? 0) < 2000)).toBe(true)
      expect(wire[0]?.build_time_stats['stop']).toEqual({ P50: null, P95: null })
      return wire
    })
    expect(many).toBe(one)
  })
})

/** A template with 101 builds: the oldest, which is not counted any more, took far longer than the others. */
function createBuiltTemplate(userId: string, index: number) {
  const id = randomUUID()
  const settings = JSON.stringify(
    settingsFromRequest(templatesRoutes.create.body.parse({ name: 'built', template_version_id: id })),
  )
  db.script(`
    PRAGMA foreign_keys = OFF;
    INSERT INTO templates (id, organization_id, name, display_name, description, icon, active_version_id, created_by,
      deprecation_message, settings, created_at, updated_at)
      VALUES ('${id}', 'org', '${id}', '', '', '', '', '${userId}', '', '${settings}', 0, 0);
    INSERT INTO workspaces (id, owner_id, organization_id, template_id, name, folder, automatic_updates, created_at,
      updated_at)
      VALUES ('${id}', '${userId}', 'org', '${id}', '${id}', '${id}', 'never', 0, 0);
    INSERT INTO provisioner_jobs (id, type, status, file_id, organization_id, initiator_id, created_at, started_at,
      completed_at)
      WITH RECURSIVE build (number) AS (SELECT 0 UNION ALL SELECT number + 1 FROM build WHERE number < 100)
      SELECT '${id}' || number, 'workspace_build', 'succeeded', '', 'org', '${userId}', number, number,
        number + CASE number WHEN 0 THEN 1000000 ELSE ${1000 + index} END FROM build;
    INSERT INTO workspace_builds (id, workspace_id, template_version_id, build_number, transition, initiator_id, job_id,
      reason, created_at, updated_at)
      SELECT id, '${id}', '', created_at, 'start', '${userId}', id, 'initiator', created_at, created_at
      FROM provisioner_jobs WHERE id LIKE '${id}%';
  `)
  const row = db.first(db.sql.selectFrom('templates').selectAll().where('id', '=', id))
  if (!row) throw new Error('The template was not stored.')
  return row
}
