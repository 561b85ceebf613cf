import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { apiKeysRoutes } from '../../contract/api-keys.ts'
import { auditRoutes } from '../../contract/audit.ts'
import { userSecretsRoutes } from '../../contract/user-secrets.ts'
import { retentionMs } from '../../server/services/retention.ts'
import { createFakeClock } from '../fake-clock.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { createRunningWorkspace, createTemplate, runBuild } from '../workspace-actions.ts'

const NOON = Date.parse('2026-03-10T12:00:00Z')
let server: TestServer
let client: CoderClient
let member: CoderClient
let workspaceId: string

beforeAll(async () => {
  server = await startTestServer()
  client = await server.ownerClient()
  member = await server.memberClient('bob')
  const made = await createRunningWorkspace(client, await createTemplate(client, 'small'), 'main')
  workspaceId = made.workspace.id
  await runBuild(client, workspaceId, 'stop')
  const { key } = await member.call(apiKeysRoutes.createSession, { params: { user: 'me' } })
  expect(key).toMatch(/-/)
})
afterAll(() => server.close())

const search = (q: string, more: { readonly limit?: number; readonly offset?: number } = {}, by = client) =>
  by.call(auditRoutes.list, { query: { q, ...more } })

describe('the audit log', () => {
  it('tells newest first who did what to what', async () => {
    const { audit_logs: logs, count } = await search('')
    expect(count).toBe(logs.length)
    expect(logs[0]).toMatchObject({
      resource_type: 'api_key',
      action: 'create',
      description: '{user} created api key {target}',
      diff: {},
      user: { username: 'bob' },
      status_code: 201,
      ip: expect.stringContaining('127.0.0.1'),
    })
    const stop = logs.find((log) => log.action === 'stop')
    expect(stop).toMatchObject({
      resource_type: 'workspace_build',
      resource_target: 'main',
      resource_link: '/@ada-lovelace/main/builds/2',
      organization: { name: 'coder' },
      is_deleted: false,
      additional_fields: { workspace_name: 'main', build_number: '2', build_reason: 'initiator' },
    })
    const times = logs.map((log) => log.time)
    expect(times).toEqual(times.toSorted().reverse())
  })

  it.each([
    ['workspace', 1],
    ['resource_type:workspace action:create', 1],
    ['username:bob', 1],
    ['username:me resource_type:template', 1],
    ['email:bob@example.com', 1],
    ['resource_target:SMALL resource_type:template', 1],
    ['organization:coder resource_type:workspace', 1],
    ['organization:other', 0],
    ['build_reason:initiator', 1],
    ['build_reason:autostart', 0],
    ['date_from:2000-01-01 resource_type:workspace', 1],
    ['date_to:2000-01-01', 0],
    ['request_id:00000000-0000-0000-0000-000000000001', 0],
    ['action:create,stop username:me resource_type:workspace_build,workspace', 2],
  ])('finds %s', async (q, expected) => {
    const { audit_logs: logs, count } = await search(q)
    expect([logs.length, count]).toEqual([expected, expected])
  })

  it('finds by the ids it tells', async () => {
    const {
      audit_logs: [entry],
    } = await search(`resource_id:${workspaceId}`)
    expect(entry).toMatchObject({ resource_id: workspaceId, resource_link: '/@ada-lovelace/main' })
    expect((await search(`request_id:${entry?.request_id}`)).count).toBe(1)
  })

  it('gives pages, with the count of all', async () => {
    const all = await search('')
    const page = await search('', { limit: 2, offset: 1 })
    expect(page.audit_logs).toEqual(all.audit_logs.slice(1, 3))
    expect(page.count).toBe(all.count)
  })

  it.each([
    ['nonsense', 'resource_type'],
    ['action:jump', 'action'],
    ['resource_id:x', 'resource_id'],
    ['date_from:2026-02-30', 'date_from'],
    ['date_to:yesterday', 'date_to'],
    ['colour:red', 'colour'],
    ['build_reason:whim', 'build_reason'],
  ])('refuses the search %s', async (q, field) => {
    await expect(search(q)).rejects.toMatchObject({ status: 400, validations: [{ field }] })
  })

  it('is for those who may read it', async () => {
    await expect(search('', {}, member)).rejects.toMatchObject({ status: 403 })
    await expect(search('', {}, server.client())).rejects.toMatchObject({ status: 401 })
    await expect(client.call(auditRoutes.list, { query: { limit: 'x' } })).rejects.toMatchObject({
      status: 400,
    })
  })
})

describe('old entries', () => {
  it('go when they have been kept long enough', async () => {
    const clock = createFakeClock(NOON)
    const aging = await startTestServer({ clock })
    const owner = await aging.ownerClient()
    await owner.call(userSecretsRoutes.create, {
      params: { user: 'me' },
      body: { name: 'a', value: 'b' },
    })
    const { auditLog } = aging.deployment.services
    const before = auditLog.newest(100).length
    // Not by going through all of it: what happens every few seconds would happen millions of times.
    clock.jump(retentionMs.auditLogs - 2 * 3_600_000)
    clock.advance(3_600_000)
    expect(auditLog.newest(100)).toHaveLength(before)
    clock.advance(2 * 3_600_000)
    expect(auditLog.newest(100)).toEqual([])
    await aging.close()
  })
})
