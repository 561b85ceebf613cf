// The rules of an update, each with what its users have stored meanwhile.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { mcpServersRoutes } from '../../contract/mcp-servers.ts'
import { usersRoutes } from '../../contract/users.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

let server: TestServer
let admin: CoderClient
let grace: CoderClient
let linus: CoderClient
let id: string
let slug = 0

beforeAll(async () => {
  server = await startTestServer()
  admin = await server.ownerClient()
  grace = await server.memberClient('grace')
  linus = await server.memberClient('linus')
})
afterAll(() => server.close())

const create = (body: object) =>
  admin.call(mcpServersRoutes.create, {
    body: {
      display_name: 'Weather',
      slug: `weather-${(slug += 1)}`,
      transport: 'sse',
      url: 'https://mcp.example.com/sse',
      auth_type: 'custom_headers',
      availability: 'default_off',
      enabled: true,
      ...body,
    },
  })
const params = () => ({ params: { mcpserver: id } })
const get = () => admin.call(mcpServersRoutes.get, params())
const change = (body: object) => admin.call(mcpServersRoutes.update, { ...params(), body })
const put = (client: CoderClient, values: Record<string, string>) =>
  client.call(mcpServersRoutes.putUserHeaders, { ...params(), body: { values } })
const has = async (client: CoderClient) =>
  (await client.call(mcpServersRoutes.getUserHeaders, params())).has_values

beforeEach(async () => {
  id = (
    await create({
      custom_headers: { 'X-Tenant': 'acme' },
      custom_headers_user_keys: ['X-A', 'X-B'],
      custom_headers_user_key_descriptions: { 'X-A': 'a' },
    })
  ).id
  await put(grace, { 'X-A': 'g', 'X-B': 'g' })
  await put(linus, { 'X-A': 'l' })
})

describe('an update is refused, and nothing of it is kept, with', () => {
  it.each([
    ['an empty user key', { custom_headers_user_keys: ['X-A', ' '] }],
    ['a user key twice', { custom_headers_user_keys: ['X-A', ' x-a'] }],
    ['a user key that is an admin header', { custom_headers_user_keys: ['x-tenant'] }],
    ['an admin header that is a user key', { custom_headers: { ' x-a ': 'v' } }],
    ['an admin header twice', { custom_headers: { 'X-C': 'v', 'x-c': 'w' } }],
    ['a description of no key', { custom_headers_user_key_descriptions: { 'X-C': 'c' } }],
    ['two descriptions of one key', { custom_headers_user_key_descriptions: { 'X-A': 'a', 'x-a': 'b' } }],
    [
      'descriptions without a key',
      { custom_headers_user_keys: [], custom_headers_user_key_descriptions: { 'X-A': 'a' } },
    ],
    ['neither header nor key', { custom_headers: {}, custom_headers_user_keys: [] }],
    ['user keys of another type', { auth_type: 'none', custom_headers_user_keys: ['X-A'] }],
    [
      'descriptions of another type',
      { auth_type: 'none', custom_headers_user_key_descriptions: { 'X-A': 'a' } },
    ],
    ['two of three', { auth_type: 'oauth2', oauth2_client_id: 'c', oauth2_token_url: 'https://a.example' }],
    ['an API key without its value', { auth_type: 'api_key', api_key_header: 'X-K' }],
    ['no name', { display_name: ' ' }],
    ['no address', { url: 'nowhere' }],
  ])('%s', async (_, body) => {
    const before = await get()
    await expect(change({ description: 'changed', ...body })).rejects.toMatchObject({ status: 400 })
    expect(await get()).toEqual(before)
    expect(await has(grace)).toEqual({ 'X-A': true, 'X-B': true })
    expect(await has(linus)).toEqual({ 'X-A': true, 'X-B': false })
  })

  it('a slug of another server, also when it would clear values', async () => {
    const other = await create({ auth_type: 'none' })
    const before = await get()
    await expect(
      change({ slug: other.slug.toUpperCase(), custom_headers_user_keys: ['X-New'] }),
    ).rejects.toMatchObject({ status: 409, validations: [{ field: 'slug' }] })
    expect(await get()).toEqual(before)
    expect(await has(grace)).toEqual({ 'X-A': true, 'X-B': true })
  })
})

it('a slug may be spelled otherwise on its own server', async () => {
  const { slug: before } = await get()
  expect((await change({ slug: before.toUpperCase() })).slug).toBe(before.toUpperCase())
})

it('an absent field is unchanged, and a new time is answered', async () => {
  const before = await get()
  const after = await change({ description: 'New' })
  expect({ ...after, auth_connected: before.auth_connected }).toEqual({
    ...before,
    description: 'New',
    updated_at: after.updated_at,
  })
  expect(Date.parse(after.updated_at)).toBeGreaterThanOrEqual(Date.parse(before.updated_at))
})

it('admin headers are replaced as a whole, and user keys stay', async () => {
  const { mcp } = server.deployment.services
  await change({ custom_headers: { 'X-Other': 'new' } })
  const userId = server.deployment.services.accounts.owner()?.id ?? ''
  await put(admin, { 'X-A': '1', 'X-B': '2' })
  expect(await mcp.requestHeaders(mcp.servers.get(id), { ownerId: userId, chatId: 'c' })).toEqual({
    ok: true,
    headers: { 'X-Other': 'new', 'X-A': '1', 'X-B': '2' },
  })
  expect(await has(grace)).toEqual({ 'X-A': true, 'X-B': true })
})

it('the same keys again keep the values, with other descriptions or in another order', async () => {
  await change({ custom_headers_user_keys: ['X-B', 'X-A'] })
  await change({ custom_headers_user_key_descriptions: { 'X-B': 'b' } })
  expect(await has(grace)).toEqual({ 'X-B': true, 'X-A': true })
  expect((await get()).custom_headers_user_key_descriptions).toEqual({ 'X-B': 'b' })
  expect(
    (await change({ custom_headers_user_key_descriptions: {} })).custom_headers_user_key_descriptions,
  ).toEqual({})
})

it('another type clears every field of the old one, and going back brings nothing back', async () => {
  const provider = {
    oauth2_client_id: 'c',
    oauth2_client_secret: 's',
    oauth2_auth_url: 'https://a.example/a',
    oauth2_token_url: 'https://a.example/t',
    oauth2_scopes: 'read',
  }
  expect(await change({ auth_type: 'oauth2', ...provider })).toMatchObject({
    has_oauth2_secret: true,
    has_custom_headers: false,
    custom_headers_user_keys: [],
    custom_headers_user_key_descriptions: {},
  })
  const none = await change({ auth_type: 'none' })
  expect(none.has_oauth2_secret).toBe(false)
  expect(Object.keys(none).filter((key) => key.startsWith('oauth2_'))).toEqual([])
  const back = await change({ auth_type: 'custom_headers', custom_headers_user_keys: ['X-A', 'X-B'] })
  expect(back).toMatchObject({ has_custom_headers: false, custom_headers_user_key_descriptions: {} })
  expect(await has(grace)).toEqual({ 'X-A': false, 'X-B': false })
})

it('a PUT that races a change of the keys never leaves a value under a key that was dropped', async () => {
  const { mcp } = server.deployment.services
  const me = (client: CoderClient) => client.call(usersRoutes.get, { params: { user: 'me' } })
  const users = [(await me(grace)).id, (await me(linus)).id]
  const sets = [['X-A', 'X-B'], ['X-C'], ['x-a'], ['X-B', 'X-D']]
  for (let round = 0; round < 24; round += 1) {
    const keys = sets[round % sets.length] ?? []
    const write = (client: CoderClient) => put(client, { 'X-A': `value ${round}` })
    await Promise.allSettled([write(grace), change({ custom_headers_user_keys: keys }), write(linus)])
    const row = mcp.servers.get(id)
    const declared = (await get()).custom_headers_user_keys.map((key) => key.toLowerCase())
    for (const userId of users)
      for (const stored of mcp.userHeaders.valuesOf(row, userId).keys()) expect(declared).toContain(stored)
  }
})

it('while it is switched off, an administrator sees and changes it, and values stay for later', async () => {
  await change({ enabled: false })
  await expect(grace.call(mcpServersRoutes.get, params())).rejects.toMatchObject({ status: 404 })
  expect((await grace.call(mcpServersRoutes.list, {})).some((entry) => entry.id === id)).toBe(false)
  expect((await admin.call(mcpServersRoutes.list, {})).some((entry) => entry.id === id)).toBe(true)
  await change({ description: 'Still here', enabled: true })
  expect(await has(grace)).toEqual({ 'X-A': true, 'X-B': true })
})
