// What lies on the wire, byte by byte: field names, statuses, what is absent, and that no secret comes back.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { rawRequest } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

let server: TestServer
let adminToken: string
let graceToken: string
let linusToken: string
const logged: string[] = []

beforeAll(async () => {
  const note = (...what: unknown[]) => void logged.push(JSON.stringify(what))
  const logger = { debug: note, info: note, warn: note, error: note, child: () => logger }
  server = await startTestServer({ logger })
  adminToken = await server.deployment.mintOwnerSession('Ada')
  graceToken = await memberToken('grace')
  linusToken = await memberToken('linus')
})
afterAll(() => server.close())
afterEach(async () => {
  for (const { id } of (await ask('GET', '')).json() as { id: string }[]) await ask('DELETE', `/${id}`)
  expect(logged.join('\n'), 'a secret must not reach a log').not.toContain('seeded-secret')
})

async function memberToken(username: string): Promise<string> {
  const { accounts, sessions } = server.deployment.services
  const user = await accounts.create({
    username,
    email: `${username}@example.com`,
    name: '',
    password: 'correct horse Battery 9 staple',
    role: 'member',
  })
  return sessions.create(user.id, { loginType: 'password' }).token
}

const ask = (method: string, path: string, body?: unknown, token = adminToken) =>
  rawRequest(`${server.url}/api/experimental/mcp/servers${path}`, {
    method,
    headers: { 'Coder-Session-Token': token, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
const base = {
  display_name: 'Weather',
  slug: 'weather',
  transport: 'streamable_http',
  url: 'https://mcp.example.com/mcp',
  availability: 'default_on',
  enabled: true,
}
const types = {
  none: {},
  api_key: { api_key_header: 'X-Key', api_key_value: 'seeded-secret-key' },
  oauth2: {
    oauth2_client_id: 'client',
    oauth2_client_secret: 'seeded-secret-client',
    oauth2_auth_url: 'https://a.example/auth',
    oauth2_token_url: 'https://a.example/token',
    oauth2_scopes: 'read',
  },
  custom_headers: {
    custom_headers: { 'X-Tenant': 'seeded-secret-tenant' },
    custom_headers_user_keys: ['X-Api-Key'],
    custom_headers_user_key_descriptions: { 'X-Api-Key': 'From your profile' },
  },
  user_oidc: {},
} as const
type AuthType = keyof typeof types
const everyType = Object.keys(types) as AuthType[]
const create = async (authType: AuthType, change: object = {}) =>
  (await ask('POST', '', { ...base, auth_type: authType, ...types[authType], ...change })).json() as {
    id: string
    updated_at: string
  }

/** Fields that every answer has, in any role. */
const always = [
  'allow_in_plan_mode',
  'auth_connected',
  'auth_type',
  'availability',
  'created_at',
  'custom_headers_user_key_descriptions',
  'custom_headers_user_keys',
  'description',
  'display_name',
  'enabled',
  'forward_coder_headers',
  'has_api_key',
  'has_custom_headers',
  'has_oauth2_secret',
  'icon_url',
  'id',
  'model_intent',
  'slug',
  'tool_allow_list',
  'tool_deny_list',
  'transport',
  'updated_at',
  'url',
]
const ofAdmin: Record<AuthType, string[]> = {
  none: [],
  api_key: ['api_key_header'],
  oauth2: ['oauth2_auth_url', 'oauth2_client_id', 'oauth2_scopes', 'oauth2_token_url'],
  custom_headers: [],
  user_oidc: [],
}

it.each(everyType)(
  '%s: an administrator gets exactly these fields, a member none of the others',
  async (type) => {
    const made = await create(type)
    const answers = [
      made,
      (await ask('GET', `/${made.id}`)).json(),
      (await ask('GET', '')).json()[0],
    ] as object[]
    for (const answer of answers)
      expect(Object.keys(answer).sort()).toEqual([...always, ...ofAdmin[type]].sort())
    for (const token of [graceToken, linusToken])
      for (const answer of [
        (await ask('GET', `/${made.id}`, undefined, token)).json(),
        (await ask('GET', '', undefined, token)).json()[0],
      ] as object[]) {
        expect(Object.keys(answer).sort()).toEqual(always)
        expect(answer).toMatchObject({ transport: '', url: '', tool_allow_list: [], tool_deny_list: [] })
        expect(answer).toMatchObject({
          has_api_key: type === 'api_key',
          has_oauth2_secret: type === 'oauth2',
          has_custom_headers: type === 'custom_headers',
          custom_headers_user_keys: type === 'custom_headers' ? ['X-Api-Key'] : [],
          custom_headers_user_key_descriptions:
            type === 'custom_headers' ? { 'X-Api-Key': 'From your profile' } : {},
        })
        expect(JSON.stringify(answer)).not.toMatch(/seeded-secret|example\.com|a\.example/)
      }
    expect(JSON.stringify(answers)).not.toContain('seeded-secret')
  },
)

it.each([
  ['none', true],
  ['api_key', true],
  ['user_oidc', true],
  ['oauth2', false],
  ['custom_headers', false],
] as const)(
  '%s: create and update answer auth_connected false, get and list %s',
  async (type, isConnected) => {
    const made = await create(type)
    expect(made).toMatchObject({ auth_connected: false })
    const updated = await ask('PATCH', `/${made.id}`, { description: 'x' })
    expect(updated.json()).toMatchObject({ auth_connected: false })
    for (const token of [adminToken, graceToken, linusToken]) {
      const got = await ask('GET', `/${made.id}`, undefined, token)
      expect(got.json()).toMatchObject({ auth_connected: isConnected })
      const listed = await ask('GET', '', undefined, token)
      expect(listed.json()).toMatchObject([{ auth_connected: isConnected }])
    }
  },
)

it('custom headers without a user key are connected for everybody', async () => {
  const { id } = await create('custom_headers', {
    custom_headers_user_keys: [],
    custom_headers_user_key_descriptions: {},
  })
  for (const token of [adminToken, graceToken, linusToken])
    expect((await ask('GET', `/${id}`, undefined, token)).json()).toMatchObject({ auth_connected: true })
})

it('answers with the statuses of the contract, and 204 without a body', async () => {
  const made = await ask('POST', '', { ...base, auth_type: 'none' })
  expect(made.status).toBe(201)
  const { id } = made.json() as { id: string }
  const statusOf = async (method: string, path: string, body?: unknown, token?: string) =>
    (await ask(method, path, body, token)).status
  expect(await statusOf('PATCH', `/${id}`, {})).toBe(200)
  const nobody = '11111111-2222-4333-8444-555555555555'
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    expect([method, await statusOf(method, '/nonsense', {})]).toEqual([method, 400])
    expect([method, await statusOf(method, `/${nobody}`, {})]).toEqual([method, 404])
  }
  for (const method of ['GET', 'PUT', 'DELETE']) {
    expect([method, await statusOf(method, '/nonsense/user-headers', { values: {} })]).toEqual([method, 400])
    expect([method, await statusOf(method, `/${nobody}/user-headers`, { values: {} })]).toEqual([method, 404])
  }
  for (const token of [graceToken, linusToken]) {
    expect(await statusOf('POST', '', { ...base, slug: 'mine', auth_type: 'none' }, token)).toBe(403)
    expect(await statusOf('PATCH', `/${id}`, {}, token)).toBe(403)
    expect(await statusOf('DELETE', `/${id}`, undefined, token)).toBe(403)
    const cleared = await ask('DELETE', `/${id}/user-headers`, undefined, token)
    expect([cleared.status, cleared.text]).toEqual([204, ''])
  }
  const removed = await ask('DELETE', `/${id}`)
  expect([removed.status, removed.text]).toEqual([204, ''])
})

it.each([
  [
    'a key with a line break',
    { auth_type: 'api_key', api_key_header: 'X-K', api_key_value: 'seeded-secret\nx' },
  ],
  [
    'a header with a line break',
    { auth_type: 'custom_headers', custom_headers: { 'X-A': 'seeded-secret\r\n' } },
  ],
  [
    'a secret beside a broken field',
    { auth_type: 'api_key', api_key_header: 'X K', api_key_value: 'seeded-secret', url: 'nowhere' },
  ],
  ['a secret of the wrong kind', { auth_type: 'custom_headers', custom_headers: ['seeded-secret'] }],
])('an error about %s has the common body and repeats no secret', async (_, body) => {
  const answer = await ask('POST', '', { ...base, ...body })
  expect(answer.status).toBe(400)
  expect(answer.json()).toMatchObject({ message: expect.any(String) as string })
  expect(answer.text).not.toContain('seeded-secret')
})

it('an error about a user’s value names the key and not the value', async () => {
  const { id } = await create('custom_headers')
  const answer = await ask(
    'PUT',
    `/${id}/user-headers`,
    { values: { 'X-Api-Key': 'seeded-secret\n' } },
    graceToken,
  )
  expect(answer.status).toBe(400)
  expect(answer.text).toContain('X-Api-Key')
  expect(answer.text).not.toContain('seeded-secret')
})

it('an address that cannot be parsed is refused at its field, also for discovery', async () => {
  for (const url of ['http://[', 'http://a b', 'https://']) {
    const answer = await ask('POST', '', { ...base, url, auth_type: 'oauth2' })
    expect([url, answer.status]).toEqual([url, 400])
    expect(answer.json()).toMatchObject({ validations: [{ field: 'url' }] })
  }
})
