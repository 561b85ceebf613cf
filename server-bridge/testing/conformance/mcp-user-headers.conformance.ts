import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { mcpServersRoutes } from '../../contract/mcp-servers.ts'
import { ownName } from '../conformance-target.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

let server: TestServer
let admin: CoderClient
let grace: CoderClient
let linus: CoderClient
let id: string

beforeAll(async () => {
  server = await startTestServer()
  admin = await server.ownerClient()
  grace = await server.memberClient('grace')
  linus = await server.memberClient('linus')
})
afterAll(() => server.close())
let count = 0
beforeEach(async () => {
  count += 1
  id = (
    await admin.call(mcpServersRoutes.create, {
      body: {
        display_name: 'Weather',
        slug: ownName(`weather-${count}`),
        transport: 'sse',
        url: 'https://mcp.example.com/sse',
        auth_type: 'custom_headers',
        availability: 'default_off',
        enabled: true,
        custom_headers: { 'X-Tenant': 'acme' },
        custom_headers_user_keys: ['X-Api-Key', 'X-Region'],
      },
    })
  ).id
})

const params = () => ({ params: { mcpserver: id } })
const has = async (client: CoderClient) =>
  (await client.call(mcpServersRoutes.getUserHeaders, params())).has_values
const put = (client: CoderClient, values: unknown) =>
  client.call(mcpServersRoutes.putUserHeaders, { ...params(), body: { values } as never })
const clear = (client: CoderClient) => client.call(mcpServersRoutes.deleteUserHeaders, params())
const change = (body: object) => admin.call(mcpServersRoutes.update, { ...params(), body })
const connected = async (client: CoderClient) =>
  (await client.call(mcpServersRoutes.get, params())).auth_connected

describe('a user’s values', () => {
  it('begin absent, one entry for each declared key', async () => {
    expect(await grace.call(mcpServersRoutes.getUserHeaders, params())).toEqual({
      mcp_server_config_id: id,
      has_values: { 'X-Api-Key': false, 'X-Region': false },
    })
  })

  it('are matched whatever their case, kept apart by user, and connect the server when complete', async () => {
    expect((await put(grace, { ' x-API-key ': 'seeded-secret-grace' })).has_values).toEqual({
      'X-Api-Key': true,
      'X-Region': false,
    })
    expect(await connected(grace)).toBe(false)
    await put(grace, { 'X-Region': 'eu' })
    expect(await has(grace)).toEqual({ 'X-Api-Key': true, 'X-Region': true })
    expect(await connected(grace)).toBe(true)
    expect(
      (await grace.call(mcpServersRoutes.list, {})).find((entry) => entry.id === id)?.auth_connected,
    ).toBe(true)
    expect(await has(linus)).toEqual({ 'X-Api-Key': false, 'X-Region': false })
    expect(await has(admin)).toEqual({ 'X-Api-Key': false, 'X-Region': false })
    expect(await connected(linus)).toBe(false)
  })

  it('stay when they are not sent, and go when they are blank', async () => {
    await put(grace, { 'X-Api-Key': 'a', 'X-Region': 'b' })
    expect((await put(grace, { 'x-region': '  ' })).has_values).toEqual({
      'X-Api-Key': true,
      'X-Region': false,
    })
    expect((await put(grace, {})).has_values).toEqual({ 'X-Api-Key': true, 'X-Region': false })
  })

  it.each([
    ['an unknown key', { 'X-Api-Key': 'new', 'X-Nope': 'b' }, 'X-Nope'],
    ['a line feed', { 'X-Api-Key': 'new', 'X-Region': 'a\nb' }, 'X-Region'],
    ['a carriage return', { 'X-Api-Key': 'new', 'X-Region': 'a\rb' }, 'X-Region'],
    ['a NUL', { 'X-Api-Key': 'new', 'X-Region': 'a\0b' }, 'X-Region'],
    ['a key twice', { 'X-Api-Key': 'new', 'x-api-key': 'b' }, 'X-Api-Key'],
  ])('are all refused for %s, which is named, and nothing is stored', async (_, values, named) => {
    await expect(put(grace, values)).rejects.toMatchObject({
      status: 400,
      detail: expect.stringContaining(named) as string,
    })
    expect(await has(grace)).toEqual({ 'X-Api-Key': false, 'X-Region': false })
  })

  it('need to be sent as a map', async () => {
    await expect(put(grace, undefined)).rejects.toMatchObject({ status: 400 })
    await expect(put(grace, { 'X-Api-Key': 5 })).rejects.toMatchObject({ status: 400 })
  })

  it('may be large and hold any character but line breaks', async () => {
    await put(grace, { 'X-Api-Key': 'ä€😀'.repeat(30_000), 'X-Region': 'tab\there' })
    expect(await connected(grace)).toBe(true)
  })

  it('are cleared by their owner alone, also when there are none', async () => {
    await put(grace, { 'X-Api-Key': 'a' })
    await put(linus, { 'X-Api-Key': 'b' })
    await clear(grace)
    await clear(grace)
    expect(await has(grace)).toEqual({ 'X-Api-Key': false, 'X-Region': false })
    expect(await has(linus)).toEqual({ 'X-Api-Key': true, 'X-Region': false })
  })

  it('lie sealed in the database, and in no audit row', async () => {
    await put(grace, { 'X-Api-Key': 'seeded-secret-at-rest' })
    for (const file of ['outpost.db', 'outpost.db-wal'])
      expect(readFileSync(join(server.dataDir, file)).includes('seeded-secret-at-rest')).toBe(false)
    const rows = server.deployment.services.auditLog
      .newest(5)
      .filter((row) => row.resource_type === 'mcp_server_user_headers')
    expect(rows[0]).toMatchObject({
      resource_id: id,
      resource_target: `weather-${count}: X-Api-Key`,
      action: 'write',
    })
    expect(JSON.stringify(rows)).not.toContain('seeded-secret')
  })
})

describe('a change of the administrator', () => {
  beforeEach(async () => {
    await put(grace, { 'X-Api-Key': 'a', 'X-Region': 'b' })
    await put(linus, { 'X-Api-Key': 'c' })
  })
  const use = async () => (await admin.call(mcpServersRoutes.userHeaderUse, params())).user_count

  it('keeps the values while the set of keys is the same, in any order', async () => {
    expect(await use()).toBe(2)
    await change({ custom_headers_user_keys: ['X-Region', 'X-Api-Key'], description: 'moved' })
    await change({ custom_headers: { 'X-Tenant': 'other' } })
    expect(await has(grace)).toEqual({ 'X-Region': true, 'X-Api-Key': true })
    expect(await use()).toBe(2)
  })

  it.each([
    ['a key is added', ['X-Api-Key', 'X-Region', 'X-More']],
    ['a key is removed', ['X-Api-Key']],
    ['a key is spelled otherwise', ['x-api-key', 'X-Region']],
  ])('deletes every user’s values when %s', async (_, keys) => {
    await change({ custom_headers_user_keys: keys })
    for (const client of [grace, linus])
      expect(Object.values(await has(client)).every((value) => !value)).toBe(true)
    expect(await use()).toBe(0)
  })

  it('deletes them when the server signs in otherwise, and they do not come back', async () => {
    await change({ auth_type: 'none' })
    expect(await has(grace)).toEqual({})
    await change({ auth_type: 'custom_headers', custom_headers_user_keys: ['X-Api-Key', 'X-Region'] })
    expect(await has(grace)).toEqual({ 'X-Api-Key': false, 'X-Region': false })
  })

  it('races a write of values without mixing: all keys of a PUT are known, or it is refused', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [changed, written] = await Promise.allSettled([
        change({ custom_headers_user_keys: round % 2 === 0 ? ['X-New'] : ['X-Api-Key', 'X-Region'] }),
        put(grace, { 'X-Api-Key': `value ${round}` }),
      ])
      expect(changed.status).toBe('fulfilled')
      const names = Object.keys(await has(grace))
      const declared = (await grace.call(mcpServersRoutes.get, params())).custom_headers_user_keys
      expect(names).toEqual(declared)
      if (written.status === 'rejected') expect(written.reason).toMatchObject({ status: 400 })
    }
  })
})

describe('a server that takes no values', () => {
  it('describes none and refuses them, when it signs in otherwise or declares no keys', async () => {
    for (const body of [{ custom_headers_user_keys: [] }, { auth_type: 'none' }]) {
      await change(body)
      expect(await has(grace)).toEqual({})
      await expect(put(grace, { 'X-Api-Key': 'a' })).rejects.toMatchObject({ status: 400 })
      await expect(put(grace, {})).rejects.toMatchObject({ status: 400 })
      expect(await connected(grace)).toBe(true)
    }
  })

  it('is not found when it is disabled or unknown, for the administrator too', async () => {
    await change({ enabled: false })
    for (const client of [grace, admin]) {
      await expect(has(client)).rejects.toMatchObject({ status: 404 })
      await expect(put(client, { 'X-Api-Key': 'a' })).rejects.toMatchObject({ status: 404 })
    }
    await admin.call(mcpServersRoutes.delete, params())
    await expect(has(grace)).rejects.toMatchObject({ status: 404 })
    await expect(clear(grace)).rejects.toMatchObject({ status: 404 })
  })

  it('takes the values of its users with it when it is deleted', async () => {
    await put(grace, { 'X-Api-Key': 'a' })
    await admin.call(mcpServersRoutes.delete, params())
    const { mcp } = server.deployment.services
    expect(mcp.userHeaders.countUsers(id)).toBe(0)
  })
})
