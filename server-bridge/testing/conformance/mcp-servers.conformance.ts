import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { mcpServersRoutes, type MCPServerConfig } from '../../contract/mcp-servers.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

let server: TestServer
let admin: CoderClient
let member: CoderClient

beforeAll(async () => {
  server = await startTestServer()
  admin = await server.ownerClient()
  member = await server.memberClient('grace')
})
afterAll(() => server.close())
afterEach(async () => {
  for (const { id } of await list(admin)) await remove(admin, id)
})

const base = {
  display_name: 'Weather',
  slug: 'weather',
  transport: 'streamable_http',
  url: 'https://mcp.example.com/mcp',
  auth_type: 'custom_headers',
  availability: 'default_on',
  enabled: true,
  custom_headers: { 'X-Tenant': 'seeded-secret-tenant' },
  custom_headers_user_keys: ['X-Api-Key'],
} as const

const list = (client: CoderClient) => client.call(mcpServersRoutes.list, {})
const create = (body: object = {}, client = admin): Promise<MCPServerConfig> =>
  client.call(mcpServersRoutes.create, { body: { ...base, ...body } as never })
const get = (client: CoderClient, mcpserver: string) =>
  client.call(mcpServersRoutes.get, { params: { mcpserver } })
const update = (mcpserver: string, body: object, client = admin) =>
  client.call(mcpServersRoutes.update, { params: { mcpserver }, body })
const remove = (client: CoderClient, mcpserver: string) =>
  client.call(mcpServersRoutes.delete, { params: { mcpserver } })
const unknownId = '11111111-2222-4333-8444-555555555555'

describe('an MCP server', () => {
  it('is made with what the administrator gave, trimmed, and says nothing of its secrets', async () => {
    const made = await create({
      display_name: '  Weather  ',
      slug: ' weather ',
      url: ' https://mcp.example.com/mcp ',
      description: ' Forecasts ',
      custom_headers_user_key_descriptions: { 'x-api-key': ' From your profile ' },
    })
    expect(made).toMatchObject({
      display_name: 'Weather',
      slug: 'weather',
      url: 'https://mcp.example.com/mcp',
      description: 'Forecasts',
      transport: 'streamable_http',
      has_custom_headers: true,
      has_api_key: false,
      has_oauth2_secret: false,
      custom_headers_user_keys: ['X-Api-Key'],
      custom_headers_user_key_descriptions: { 'X-Api-Key': 'From your profile' },
      tool_allow_list: [],
      tool_deny_list: [],
      auth_connected: false,
    })
    expect(JSON.stringify(made)).not.toContain('seeded-secret')
    expect(made).not.toHaveProperty('api_key_header')
    expect(made).not.toHaveProperty('oauth2_client_id')
  })

  it('needs its fields', async () => {
    for (const field of ['display_name', 'slug', 'transport', 'url', 'auth_type', 'availability']) {
      await expect(create({ [field]: undefined })).rejects.toMatchObject({ status: 400 })
      await expect(create({ [field]: '  ' })).rejects.toMatchObject({ status: 400, validations: [{ field }] })
    }
    await expect(create({ url: 'not a url' })).rejects.toMatchObject({ validations: [{ field: 'url' }] })
    await expect(create({ url: 'file:///etc/passwd' })).rejects.toMatchObject({ status: 400 })
    await expect(create({ transport: 'stdio' })).rejects.toMatchObject({ status: 400 })
  })

  it('needs a free slug, whatever its case', async () => {
    const first = await create()
    await expect(create({ slug: 'WEATHER' })).rejects.toMatchObject({
      status: 409,
      validations: [{ field: 'slug' }],
    })
    const other = await create({ slug: 'other' })
    await expect(update(other.id, { slug: first.slug })).rejects.toMatchObject({ status: 409 })
  })

  it('needs a slug whose tools nobody takes for those of another, or one rule would be for both', async () => {
    await create({ slug: 'my.gh' })
    const other = await create({ slug: 'other' })
    const detail = expect.stringContaining('"my.gh"') as string
    const refused = { status: 400, validations: [{ field: 'slug', detail }] }
    for (const slug of ['my_gh', 'my.gh__prod', 'MY.GH_']) {
      await expect(create({ slug })).rejects.toMatchObject(refused)
      await expect(update(other.id, { slug })).rejects.toMatchObject(refused)
    }
    await create({ slug: 'my' })
    expect((await list(admin)).map(({ slug }) => slug).toSorted()).toEqual(['my', 'my.gh', 'other'])
  })

  it.each([
    ['api_key without a header', { auth_type: 'api_key', api_key_value: 'v' }],
    ['api_key without a value', { auth_type: 'api_key', api_key_header: 'X-Key' }],
    [
      'oauth2 with two of three',
      { auth_type: 'oauth2', oauth2_client_id: 'c', oauth2_auth_url: 'https://a.example' },
    ],
    ['oauth2 with one of three', { auth_type: 'oauth2', oauth2_token_url: 'https://a.example' }],
    ['custom_headers without any', { auth_type: 'custom_headers' }],
    ['user keys with another type', { auth_type: 'none', custom_headers_user_keys: ['X-A'] }],
    [
      'descriptions with another type',
      { auth_type: 'none', custom_headers_user_key_descriptions: { 'X-A': 'a' } },
    ],
    ['an empty user key', { custom_headers_user_keys: ['X-A', ' '] }],
    ['a user key twice', { custom_headers_user_keys: ['X-A', ' x-a '] }],
    ['a user key that no request can carry', { custom_headers_user_keys: ['X Ä'] }],
    ['a user key of the connection', { custom_headers_user_keys: ['Content-Length'] }],
    [
      'a user key that is an admin header',
      { custom_headers: { ' X-Tenant ': 'a' }, custom_headers_user_keys: ['x-tenant'] },
    ],
    ['an admin header with a line break', { custom_headers: { 'X-A': 'a\r\nX-B: c' } }],
    [
      'a description of no key',
      { custom_headers_user_keys: ['X-A'], custom_headers_user_key_descriptions: { 'X-B': 'b' } },
    ],
    [
      'two descriptions of one key',
      { custom_headers_user_keys: ['X-A'], custom_headers_user_key_descriptions: { 'X-A': 'a', 'x-a': 'b' } },
    ],
    [
      'descriptions without keys',
      { custom_headers: { 'X-T': 'a' }, custom_headers_user_key_descriptions: { 'X-A': 'a' } },
    ],
  ])('is refused with %s, and nothing is left behind', async (_, body) => {
    const { custom_headers: _headers, custom_headers_user_keys: _keys, ...plain } = base
    await expect(admin.call(mcpServersRoutes.create, { body: { ...plain, ...body } })).rejects.toMatchObject({
      status: 400,
    })
    expect(await list(admin)).toEqual([])
  })

  it('keeps the spelling of keys and drops blank descriptions', async () => {
    const made = await create({
      custom_headers_user_keys: [' X-API-Key ', 'x-region'],
      custom_headers_user_key_descriptions: { 'x-api-KEY': 'Key', 'X-REGION': '   ' },
    })
    expect(made.custom_headers_user_keys).toEqual(['X-API-Key', 'x-region'])
    expect(made.custom_headers_user_key_descriptions).toEqual({ 'X-API-Key': 'Key' })
  })

  it('takes a thousand user keys', async () => {
    const keys = Array.from({ length: 1000 }, (_, index) => `X-Key-${index}`)
    expect((await create({ custom_headers_user_keys: keys })).custom_headers_user_keys).toEqual(keys)
  })

  it('is changed field by field', async () => {
    const made = await create()
    const changed = await update(made.id, { description: 'New', enabled: false, tool_deny_list: ['rm'] })
    expect(changed).toMatchObject({
      ...made,
      description: 'New',
      enabled: false,
      tool_deny_list: ['rm'],
      updated_at: changed.updated_at,
    })
    expect(await update(made.id, {})).toMatchObject({ description: 'New', has_custom_headers: true })
  })

  it('keeps descriptions of keys that stay, and replaces them when they are sent alone', async () => {
    const made = await create({
      custom_headers_user_keys: ['X-A', 'X-B'],
      custom_headers_user_key_descriptions: { 'X-A': 'a', 'X-B': 'b' },
    })
    const fewer = await update(made.id, { custom_headers_user_keys: ['X-B', 'X-C'] })
    expect(fewer.custom_headers_user_key_descriptions).toEqual({ 'X-B': 'b' })
    const described = await update(made.id, { custom_headers_user_key_descriptions: { 'x-c': 'c' } })
    expect(described.custom_headers_user_key_descriptions).toEqual({ 'X-C': 'c' })
    await expect(
      update(made.id, { custom_headers_user_key_descriptions: { 'X-A': 'gone' } }),
    ).rejects.toMatchObject({ status: 400 })
  })

  it('checks admin headers that are sent alone against its user keys', async () => {
    const made = await create()
    await expect(update(made.id, { custom_headers: { 'x-api-key': 'a' } })).rejects.toMatchObject({
      status: 400,
    })
    await expect(update(made.id, { custom_headers: {}, custom_headers_user_keys: [] })).rejects.toMatchObject(
      { status: 400 },
    )
    expect(await update(made.id, { custom_headers: {} })).toMatchObject({ has_custom_headers: false })
  })

  it('forgets the fields of the old type when its type changes, secrets included', async () => {
    const made = await create()
    const key = await update(made.id, { auth_type: 'api_key', api_key_header: 'X-Key', api_key_value: 'v' })
    expect(key).toMatchObject({
      has_custom_headers: false,
      custom_headers_user_keys: [],
      has_api_key: true,
      api_key_header: 'X-Key',
    })
    await expect(update(made.id, { auth_type: 'custom_headers' })).rejects.toMatchObject({ status: 400 })
    const none = await update(made.id, { auth_type: 'none' })
    expect(none).toMatchObject({ has_api_key: false })
    expect(none).not.toHaveProperty('api_key_header')
    await expect(update(made.id, { auth_type: 'api_key' })).rejects.toMatchObject({ status: 400 })
  })

  it('is gone after its delete', async () => {
    const made = await create()
    await remove(admin, made.id)
    await expect(get(admin, made.id)).rejects.toMatchObject({ status: 404 })
    await expect(remove(admin, made.id)).rejects.toMatchObject({ status: 404 })
  })
})

describe('a member', () => {
  it('sees enabled servers only, without where they are and how they are signed in to', async () => {
    const made = await create()
    const hidden = await create({ slug: 'hidden', enabled: false })
    const seen = await list(member)
    expect(seen).toEqual([{ ...made, transport: '', url: '', auth_connected: false }])
    expect(await get(member, made.id)).toEqual(seen[0])
    await expect(get(member, hidden.id)).rejects.toMatchObject({ status: 404 })
    expect((await get(admin, hidden.id)).enabled).toBe(false)
  })

  it('does not see an API key’s header or an OAuth2 client', async () => {
    await create({
      auth_type: 'api_key',
      api_key_header: 'X-Key',
      api_key_value: 'seeded-secret-key',
      custom_headers_user_keys: [],
    })
    await create({
      slug: 'oauth',
      auth_type: 'oauth2',
      custom_headers_user_keys: [],
      oauth2_client_id: 'client',
      oauth2_client_secret: 'seeded-secret-client',
      oauth2_auth_url: 'https://a.example/auth',
      oauth2_token_url: 'https://a.example/token',
      oauth2_scopes: 'read',
    })
    const seen = await list(member)
    expect(seen.map(({ has_api_key: key, has_oauth2_secret: secret }) => [key, secret]).sort()).toEqual([
      [false, true],
      [true, false],
    ])
    for (const entry of seen)
      expect(Object.keys(entry).filter((key) => /^oauth2_|api_key_header/.test(key))).toEqual([])
    expect(JSON.stringify([seen, await list(admin)])).not.toContain('seeded-secret')
  })

  it('may not write', async () => {
    const made = await create()
    await expect(create({ slug: 'mine' }, member)).rejects.toMatchObject({ status: 403 })
    await expect(update(made.id, { enabled: false }, member)).rejects.toMatchObject({ status: 403 })
    await expect(remove(member, made.id)).rejects.toMatchObject({ status: 403 })
    await expect(
      member.call(mcpServersRoutes.userHeaderUse, { params: { mcpserver: made.id } }),
    ).rejects.toMatchObject({ status: 403 })
  })
})

it('tells a malformed id from an unknown one, and nobody anything without a token', async () => {
  await expect(get(admin, 'nonsense')).rejects.toMatchObject({ status: 400 })
  await expect(get(admin, unknownId)).rejects.toMatchObject({ status: 404 })
  await expect(update(unknownId, {})).rejects.toMatchObject({ status: 404 })
  await expect(list(server.client())).rejects.toMatchObject({ status: 401 })
})

it('audits every write by the server’s slug', async () => {
  const made = await create()
  await update(made.id, { description: 'x' })
  await remove(admin, made.id)
  const rows = server.deployment.services.auditLog
    .newest(20)
    .filter((row) => row.resource_type === 'mcp_server_config' && row.resource_id === made.id)
  expect(rows.map((row) => row.action).sort()).toEqual(['create', 'delete', 'write'])
  expect(JSON.stringify(rows)).not.toContain('seeded-secret')
})
