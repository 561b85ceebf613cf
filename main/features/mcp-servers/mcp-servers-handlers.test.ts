// Against a real local deployment in a process of its own, through the router.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createCoderClient, type CoderClient } from '#bridge/client/coder-client'
import { mcpServersRoutes } from '#bridge/contract/mcp-servers'
import { startHarness, type AppHarness } from '../../testing/app-harness.ts'
import { testUuid } from '../../testing/builders.ts'
import { CallFailure } from '../../testing/in-memory-page.ts'
import { startStandaloneDeployment, type StandaloneDeployment } from '../../testing/standalone-deployment.ts'
import { startStubDeployment, type StubAnswer, type StubDeployment } from '../../testing/stub-deployment.ts'
import { untilConnected } from '../../testing/until-connected.ts'

const LOCAL = { deploymentId: 'local' }
const SECRET = 'seeded-secret-header-value'
const TIMEOUT = 60_000

let deployment: StandaloneDeployment
let admin: CoderClient
let harness: AppHarness
let target: { deploymentId: string; serverId: string }
let slug = 0

beforeAll(async () => {
  deployment = await startStandaloneDeployment()
  admin = createCoderClient({ baseUrl: deployment.url, token: deployment.token })
}, TIMEOUT)
afterAll(() => deployment.close(), TIMEOUT)
beforeEach(async () => {
  harness = await startHarness({ local: deployment })
  await untilConnected(harness.page)
  const { id } = await admin.call(mcpServersRoutes.create, {
    body: {
      display_name: 'Weather',
      slug: `weather-${(slug += 1)}`,
      transport: 'streamable_http',
      url: 'https://mcp.example.com/mcp',
      auth_type: 'custom_headers',
      availability: 'default_on',
      enabled: true,
      custom_headers_user_keys: ['X-Api-Key', 'X-Region'],
      custom_headers_user_key_descriptions: { 'X-Region': 'eu or us' },
    },
  })
  target = { ...LOCAL, serverId: id }
})
afterEach(async () => {
  const text = JSON.stringify([harness.page.received, harness.logger])
  expect(text, 'a value must not come back to the window or reach a log').not.toContain(SECRET)
  await harness.close()
})

const list = async () => {
  const { servers, ...rest } = await harness.page.call('mcpServers.list', LOCAL)
  const entry = servers.find(({ config }) => config.id === target.serverId)
  if (!entry) throw new Error('The server is not in the list.')
  return { ...rest, ...entry }
}
const places = async () =>
  Object.fromEntries((await list()).headers.map(({ name, inVault, onServer }) => [name, [inVault, onServer]]))
const save = (values: Record<string, string>) =>
  harness.page.call('mcpServers.saveHeaders', { ...target, values })
const change = (body: object) =>
  admin.call(mcpServersRoutes.update, { params: { mcpserver: target.serverId }, body })
const codeOf = async (call: Promise<unknown>): Promise<string> => {
  const thrown = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof CallFailure)) throw new Error('It did not fail as a call does.')
  return thrown.error.code
}

describe('the user’s header values', () => {
  it('are kept in the vault and stored on the deployment', async () => {
    expect(await list()).toMatchObject({
      capability: 'user_headers',
      vault: 'ready',
      headers: [
        { name: 'X-Api-Key', description: '', inVault: false, onServer: false, savedAt: null, isNew: false },
        { name: 'X-Region', description: 'eu or us', inVault: false, onServer: false },
      ],
      leftOver: [],
    })
    await save({ 'x-api-key': SECRET })
    expect(await places()).toEqual({ 'X-Api-Key': [true, true], 'X-Region': [false, false] })
    expect([...harness.secrets.stored.keys()].some((account) => account.includes(target.serverId))).toBe(true)
  })

  it('tell when they were saved, and which of them an administrator added since', async () => {
    const before = Date.now()
    const told = async () =>
      Object.fromEntries((await list()).headers.map(({ name, savedAt, isNew }) => [name, [savedAt, isNew]]))
    await list()
    await save({ 'x-api-key': SECRET })
    const savedAt = (await list()).headers[0]?.savedAt ?? 0
    expect(savedAt).toBeGreaterThanOrEqual(before)
    await change({ custom_headers_user_keys: ['X-Api-Key', 'X-Team', 'X-Tenant'] })
    await save({ 'X-Team': SECRET })
    expect(await told()).toEqual({
      'X-Api-Key': [savedAt, false],
      'X-Team': [expect.any(Number), false],
      'X-Tenant': [null, true],
    })
    await harness.page.call('mcpServers.headersSeen', { ...target, names: ['X-Tenant'] })
    expect((await told())['X-Tenant']).toEqual([null, false])
  })

  it('are cleared in both places, and come back with undo', async () => {
    await save({ 'X-Api-Key': SECRET, 'X-Region': SECRET })
    const { undoId } = await harness.page.call('mcpServers.clearHeaders', { ...target, names: ['X-API-KEY'] })
    expect(await places()).toEqual({ 'X-Api-Key': [false, false], 'X-Region': [true, true] })
    await harness.page.call('mcpServers.undoClear', { undoId: undoId ?? '' })
    expect(await places()).toEqual({ 'X-Api-Key': [true, true], 'X-Region': [true, true] })
    expect(await codeOf(harness.page.call('mcpServers.undoClear', { undoId: undoId ?? '' }))).toBe('too_late')
  })

  it('come back to the vault with undo though nobody asks for them any more', async () => {
    await save({ 'X-Api-Key': SECRET, 'X-Region': SECRET })
    const names = ['X-Api-Key', 'X-Region']
    const { undoId } = await harness.page.call('mcpServers.clearHeaders', { ...target, names })
    await change({ custom_headers_user_keys: ['X-Api-Key'] })
    await harness.page.call('mcpServers.undoClear', { undoId: undoId ?? '' })
    expect(await places()).toEqual({ 'X-Api-Key': [true, true] })
    expect((await list()).leftOver).toEqual(['X-Region'])
  })

  it('come back to the vault with undo before the deployment is asked, which may be away', async () => {
    await save({ 'X-Api-Key': SECRET })
    const names = ['X-Api-Key']
    const { undoId } = await harness.page.call('mcpServers.clearHeaders', { ...target, names })
    await admin.call(mcpServersRoutes.delete, { params: { mcpserver: target.serverId } })
    expect(await codeOf(harness.page.call('mcpServers.undoClear', { undoId: undoId ?? '' }))).not.toBe('')
    expect([...harness.secrets.stored.keys()].some((account) => account.includes(target.serverId))).toBe(true)
  })

  it('that the deployment lost are pushed again, and what nobody asks for any more is shown', async () => {
    await save({ 'X-Api-Key': SECRET, 'X-Region': SECRET })
    await change({ custom_headers_user_keys: ['X-Api-Key', 'X-Team'] })
    expect(await places()).toEqual({ 'X-Api-Key': [true, false], 'X-Team': [false, false] })
    expect((await list()).leftOver).toEqual(['X-Region'])
    expect(await harness.page.call('mcpServers.pushHeaders', target)).toEqual({ pushed: 1 })
    expect(await places()).toEqual({ 'X-Api-Key': [true, true], 'X-Team': [false, false] })
    await harness.page.call('mcpServers.clearHeaders', { ...target, names: ['X-Region'] })
    expect((await list()).leftOver).toEqual([])
    expect(await harness.page.call('mcpServers.pushHeaders', { ...LOCAL, serverId: null })).toEqual({
      pushed: 0,
    })
  })

  it('that another machine cleared are still in the vault, and one only on the deployment can be cleared', async () => {
    await save({ 'X-Api-Key': SECRET })
    await admin.call(mcpServersRoutes.putUserHeaders, {
      params: { mcpserver: target.serverId },
      body: { values: { 'X-Api-Key': '', 'X-Region': 'typed elsewhere' } },
    })
    expect(await places()).toEqual({ 'X-Api-Key': [true, false], 'X-Region': [false, true] })
    const cleared = await harness.page.call('mcpServers.clearHeaders', { ...target, names: ['X-Region'] })
    expect(cleared).toEqual({ undoId: null })
    expect(await places()).toEqual({ 'X-Api-Key': [true, false], 'X-Region': [false, false] })
  })

  it('are refused with a line break, and for a header nobody asks for; what was there stays', async () => {
    await save({ 'X-Region': 'eu' })
    expect(await codeOf(save({ 'X-Region': 'a\nb' }))).toBe('invalid_value')
    expect(await codeOf(save({ 'X-Region': 'us', 'X-Nope': 'a' }))).toBe('header_unknown')
    expect(await places()).toEqual({ 'X-Api-Key': [false, false], 'X-Region': [true, true] })
    expect((await list()).leftOver).toEqual([])
  })

  it(
    'may be large: split in the vault, stored, and sent again as they are',
    { timeout: TIMEOUT },
    async () => {
      const large = SECRET.padEnd(256 * 1024, 'xyz-')
      await save({ 'X-Api-Key': large })
      expect(await places()).toEqual({ 'X-Api-Key': [true, true], 'X-Region': [false, false] })
      const own = [...harness.secrets.stored].filter(([account]) => account.includes(target.serverId))
      expect(own.length).toBeGreaterThan(5)
      await change({ custom_headers_user_keys: ['X-Api-Key'] })
      expect(await harness.page.call('mcpServers.pushHeaders', target)).toEqual({ pushed: 1 })
      expect(await places()).toEqual({ 'X-Api-Key': [true, true] })
      await harness.page.call('mcpServers.clearHeaders', { ...target, names: ['X-Api-Key'] })
      expect(
        [...harness.secrets.stored.keys()].filter((account) => account.includes(target.serverId)),
      ).toEqual([])
    },
  )

  it('belong to a thousand headers, saved at once', { timeout: TIMEOUT }, async () => {
    const names = Array.from({ length: 1000 }, (_, at) => `X-Key-${at}`)
    await change({
      custom_headers_user_keys: names,
      custom_headers_user_key_descriptions: Object.fromEntries(
        names.map((name) => [name, `<b>${name}</b> \u202E`]),
      ),
    })
    await save(Object.fromEntries(names.map((name) => [name, `${SECRET} of ${name}`])))
    expect(Object.values(await places()).filter(([kept, stored]) => kept && stored)).toHaveLength(1000)
    await harness.page.call('mcpServers.clearHeaders', { ...target, names })
    expect(Object.values(await places()).filter((where) => where.includes(true))).toEqual([])
  })

  it('belong to headers that are called like parts of every object', async () => {
    const names = ['constructor', 'toString', 'hasOwnProperty', 'X-Region']
    await change({
      custom_headers_user_keys: names,
      custom_headers_user_key_descriptions: { 'X-Region': 'eu or us' },
    })
    expect((await list()).headers.map(({ name, description }) => [name, description])).toEqual([
      ['constructor', ''],
      ['toString', ''],
      ['hasOwnProperty', ''],
      ['X-Region', 'eu or us'],
    ])
    await save({ constructor: SECRET })
    expect(await places()).toMatchObject({ constructor: [true, true], toString: [false, false] })
  })

  it('typed for a server that is deleted meanwhile are refused in words', async () => {
    await admin.call(mcpServersRoutes.delete, { params: { mcpserver: target.serverId } })
    expect(await codeOf(save({ 'X-Api-Key': SECRET }))).toBe('not_found')
  })

  it('typed while an administrator renames their header are refused, or are left over in the vault', async () => {
    await save({ 'X-Api-Key': 'the old one' })
    const [saved] = await Promise.allSettled([
      save({ 'X-Api-Key': SECRET }),
      change({ custom_headers_user_keys: ['X-Renamed'] }),
    ])
    const entry = await list()
    // Either it came first and is left over now, or it came second and the value before it is.
    expect(entry.leftOver).toEqual(['X-Api-Key'])
    expect(await places()).toEqual({ 'X-Renamed': [false, false] })
    if (saved.status === 'rejected') expect((saved.reason as CallFailure).error.code).toBe('header_unknown')
  })

  it('are not touched while the keychain is locked, which is said', async () => {
    await save({ 'X-Api-Key': SECRET })
    harness.secrets.become({ kind: 'locked', backend: 'Test Keyring' })
    expect(await list()).toMatchObject({ vault: 'locked', headers: [{ inVault: false, onServer: true }, {}] })
    expect(await codeOf(save({ 'X-Api-Key': 'other' }))).toBe('keychain_locked')
    expect(
      await codeOf(harness.page.call('mcpServers.clearHeaders', { ...target, names: ['X-Api-Key'] })),
    ).toBe('keychain_locked')
    harness.secrets.become({ kind: 'works', backend: 'Test Keyring' })
    expect(await places()).toEqual({ 'X-Api-Key': [true, true], 'X-Region': [false, false] })
  })
})

describe('a deployment without header values of users', () => {
  const token = 'Abcdefghij-0123456789abcdefghijkl'
  const serverId = testUuid(1)
  let stub: StubDeployment
  let other: AppHarness
  let configs: object[]

  beforeEach(async () => {
    stub = await startStubDeployment(token)
    configs = [{ id: serverId, slug: 'weather', display_name: 'Weather', auth_type: 'none', enabled: true }]
    stub.override = ({ path }) =>
      path === '/api/experimental/mcp/servers' ? { status: 200, body: configs } : undefined
    other = await startHarness({ local: { url: stub.url, token } })
    await untilConnected(other.page)
    return async () => {
      await other.close()
      await stub.close()
    }
  })

  it('is said, and its servers are shown', async () => {
    const answer = await other.page.call('mcpServers.list', LOCAL)
    expect(answer).toMatchObject({ capability: 'no_user_headers', servers: [{ headers: [], leftOver: [] }] })
  })

  it('gets none of the values, which stay in the vault', async () => {
    await other.page.call('mcpServers.saveHeaders', { ...LOCAL, serverId, values: { 'X-Key': SECRET } })
    expect((await other.page.call('mcpServers.list', LOCAL)).servers[0]?.leftOver).toEqual(['X-Key'])
    expect(JSON.stringify(stub.requests)).not.toContain(SECRET)
  })
})

describe('a deployment that refuses what the user typed', () => {
  const token = 'Abcdefghij-0123456789abcdefghijkl'
  const typed = { ...LOCAL, serverId: testUuid(1), values: { 'X-Key': SECRET } }
  const config = { id: typed.serverId, slug: 'weather', display_name: 'Weather', enabled: true }
  const declared = { auth_type: 'custom_headers', custom_headers_user_keys: ['X-Key'] }
  let stub: StubDeployment
  let other: AppHarness
  let onPut: () => StubAnswer

  beforeEach(async () => {
    stub = await startStubDeployment(token)
    stub.override = ({ method, path }) => {
      if (method === 'PUT') return onPut()
      if (path === '/api/experimental/mcp/servers') return { status: 200, body: [{ ...config, ...declared }] }
      return path.endsWith('/user-headers')
        ? { status: 200, body: { mcp_server_config_id: typed.serverId, has_values: { 'X-Key': false } } }
        : undefined
    }
    other = await startHarness({ local: { url: stub.url, token } })
    await untilConnected(other.page)
    return async () => {
      await other.close()
      await stub.close()
    }
  })

  it('is quoted when the vault is shut meanwhile, which is said as well', async () => {
    onPut = () => {
      other.secrets.become({ kind: 'locked', backend: 'Test Keyring' })
      return { status: 400, body: { message: 'Value of X-Key is too long.' } }
    }
    const thrown = await other.page
      .call('mcpServers.saveHeaders', typed)
      .catch((error: unknown) => error as CallFailure)
    expect(thrown).toMatchObject({ error: { code: 'invalid_value' } })
    expect(thrown).toMatchObject({
      error: { message: expect.stringMatching(/too long.*still in the vault.*Test Keyring is locked/s) },
    })
  })

  it.each([
    ['invalid_value', 'Value of X-Key is too long.'],
    ['header_unknown', 'X-Key is not a header this MCP server asks for.'],
  ])('is quoted when values are pushed: %s', async (code, message) => {
    onPut = () => ({
      status: 200,
      body: { mcp_server_config_id: typed.serverId, has_values: { 'X-Key': true } },
    })
    await other.page.call('mcpServers.saveHeaders', typed)
    onPut = () => ({ status: 400, body: { message } })
    const push = other.page.call('mcpServers.pushHeaders', { ...LOCAL, serverId: null })
    expect(await codeOf(push)).toBe(code)
  })
})

it('servers of a newer deployment are those of the user’s organizations, to look at', async () => {
  const token = 'Abcdefghij-0123456789abcdefghijkl'
  const stub = await startStubDeployment(token)
  const config = { id: testUuid(1), slug: 'weather', display_name: 'Weather', auth_type: 'custom_headers' }
  const path = `/api/experimental/organizations/${testUuid(901)}/mcp-servers`
  stub.override = (request) => {
    if (request.path === '/api/experimental/organizations/default/mcp-servers')
      return { status: 200, body: [] }
    if (request.path !== path) return undefined
    const declared = { organization_id: testUuid(901), custom_headers_user_keys: ['X-Key'] }
    return {
      status: 200,
      body: [
        { ...config, ...declared },
        { ...config, ...declared },
      ],
    }
  }
  const other = await startHarness({ local: { url: stub.url, token } })
  await untilConnected(other.page)
  expect(await other.page.call('mcpServers.list', LOCAL)).toMatchObject({
    capability: 'organization',
    servers: [
      {
        config: { display_name: 'Weather' },
        headers: [],
        leftOver: [],
        organizationIds: [testUuid(901)],
      },
    ],
  })
  await other.close()
  await stub.close()
})

describe('the address of a server', () => {
  it('is kept per server, refused in words, and forgotten', async () => {
    const { page } = harness
    const address = { url: 'https://mcp.example.com/mcp', transport: 'sse' } as const
    await page.call('mcpServers.setAddress', { ...target, address })
    expect(await page.call('mcpServers.addresses', LOCAL)).toEqual({
      byServer: { [target.serverId]: address },
    })
    const plain = { ...address, url: 'http://mcp.example.com/mcp' }
    expect(await codeOf(page.call('mcpServers.setAddress', { ...target, address: plain }))).toBe(
      'invalid_address',
    )
    await page.call('mcpServers.clearAddress', target)
    expect(await page.call('mcpServers.addresses', LOCAL)).toEqual({ byServer: {} })
  })
})
