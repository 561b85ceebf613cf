import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { mcpServersRoutes } from '../../contract/mcp-servers.ts'
import { silentLogger } from '../../lib/logger.ts'
import { createFakeClock } from '../fake-clock.ts'
import { type OAuth2Provider, serverBehind, startOAuth2Provider } from '../oauth2-provider.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

let server: TestServer
let admin: CoderClient
let provider: OAuth2Provider
let token: string

beforeAll(async () => {
  server = await startTestServer()
  admin = await server.ownerClient()
  token = await server.deployment.mintOwnerSession('Ada')
})
afterAll(() => server.close())
beforeEach(async () => {
  provider = await startOAuth2Provider()
  return () => provider.close()
})

const create = (more: Parameters<typeof serverBehind>[1] = {}) =>
  admin.call(mcpServersRoutes.create, { body: serverBehind(provider, more) })
const connected = async (id: string) =>
  (await admin.call(mcpServersRoutes.get, { params: { mcpserver: id } })).auth_connected
const pathOf = (id: string) => `/api/experimental/mcp/servers/${id}/oauth2`
const request = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(new URL(path, server.url), {
    method,
    redirect: 'manual',
    headers: { 'Coder-Session-Token': token, ...headers },
  })

const s256 = (text: string): string => createHash('sha256').update(text).digest('base64url')

/** Follows the sign-in up to the page the provider sends the browser to. */
async function begin(id: string) {
  const response = await request(`${pathOf(id)}/connect`)
  expect(response.status).toBe(307)
  const location = response.headers.get('location') ?? ''
  const setCookies = response.headers.getSetCookie()
  return { location, setCookies, cookie: setCookies.map((entry) => entry.split(';')[0]).join('; ') }
}
async function signIn(id: string) {
  const { location, cookie } = await begin(id)
  const back = provider.agree(location)
  return request(`${back.pathname}${back.search}`, { cookie })
}

it('finds the provider by itself, path first, and registers with this deployment’s callback', async () => {
  const made = await create()
  expect(provider.seen).toEqual([
    'GET /.well-known/oauth-protected-resource/mcp',
    'GET /.well-known/oauth-authorization-server/tenant',
    'POST /register',
  ])
  expect(made).toMatchObject({
    oauth2_client_id: 'registered',
    oauth2_auth_url: `${provider.url}/authorize`,
    oauth2_token_url: `${provider.url}/token`,
    oauth2_scopes: 'read',
    has_oauth2_secret: true,
  })
  expect(provider.registrations).toMatchObject([
    { redirect_uris: [`${server.url}${pathOf(made.id)}/callback`] },
  ])
  expect(JSON.stringify(made)).not.toContain('seeded-secret')
})

it('asks nobody when all three are given', async () => {
  const manual = {
    oauth2_client_id: 'mine',
    oauth2_auth_url: `${provider.url}/authorize`,
    oauth2_token_url: `${provider.url}/token`,
  }
  expect(await create(manual)).toMatchObject({ ...manual, has_oauth2_secret: false })
  expect(provider.seen).toEqual([])
})

it('leaves a server as it was when the discovery of an update fails, with what its users have', async () => {
  const { id } = await create({
    auth_type: 'custom_headers',
    custom_headers_user_keys: ['X-Key'],
  })
  const params = { mcpserver: id }
  await admin.call(mcpServersRoutes.putUserHeaders, { params, body: { values: { 'X-Key': 'a' } } })
  const before = await admin.call(mcpServersRoutes.get, { params })
  provider.missing.add('/register')
  await expect(
    admin.call(mcpServersRoutes.update, { params, body: { auth_type: 'oauth2', display_name: 'Other' } }),
  ).rejects.toMatchObject({ status: 400 })
  expect(await admin.call(mcpServersRoutes.get, { params })).toEqual(before)
  expect(before.auth_connected).toBe(true)
})

it('falls back to the roots, and then to OpenID', async () => {
  provider.missing
    .add('/.well-known/oauth-protected-resource/mcp')
    .add('/.well-known/oauth-authorization-server/tenant')
    .add('/.well-known/oauth-authorization-server')
  await create()
  expect(provider.seen).toEqual([
    'GET /.well-known/oauth-protected-resource/mcp',
    'GET /.well-known/oauth-protected-resource',
    'GET /.well-known/oauth-authorization-server/tenant',
    'GET /.well-known/oauth-authorization-server',
    'GET /.well-known/openid-configuration/tenant',
    'POST /register',
  ])
})

it.each([
  ['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp'],
  [
    '/.well-known/oauth-authorization-server',
    '/.well-known/oauth-authorization-server/tenant',
    '/.well-known/openid-configuration/tenant',
    '/tenant/.well-known/openid-configuration',
  ],
  ['/register', '/register'],
])('leaves nothing behind when discovery fails at %s', async (...missing) => {
  for (const path of missing) provider.missing.add(path)
  const before = (await admin.call(mcpServersRoutes.list, {})).length
  await expect(create()).rejects.toMatchObject({ status: 400, validations: [{ field: 'url' }] })
  expect(await admin.call(mcpServersRoutes.list, {})).toHaveLength(before)
})

it('signs a user in with state and PKCE, and out again', async () => {
  const { id } = await create()
  expect(await connected(id)).toBe(false)
  const { location, setCookies, cookie } = await begin(id)
  const query = new URL(location).searchParams
  expect(Object.fromEntries(query)).toMatchObject({
    response_type: 'code',
    client_id: 'registered',
    redirect_uri: `${server.url}${pathOf(id)}/callback`,
    code_challenge_method: 'S256',
    scope: 'read',
  })
  expect(setCookies).toHaveLength(2)
  for (const entry of setCookies)
    expect(entry).toMatch(new RegExp(`Path=${pathOf(id)}/callback; Max-Age=600; HttpOnly; SameSite=Lax`))
  const back = provider.agree(location)
  const done = await request(`${back.pathname}${back.search}`, { cookie })
  const page = await done.text()
  expect(done.status).toBe(200)
  expect(done.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(page).toContain(JSON.stringify({ type: 'mcp-oauth2-complete', serverID: id }))
  expect(done.headers.getSetCookie().every((entry) => entry.includes('Max-Age=0'))).toBe(true)
  expect(await connected(id)).toBe(true)
  expect(page).not.toContain('seeded-secret')
  const member = await server.memberClient('grace')
  expect((await member.call(mcpServersRoutes.get, { params: { mcpserver: id } })).auth_connected).toBe(false)
  expect((await request(`${pathOf(id)}/disconnect`, {}, 'DELETE')).status).toBe(204)
  expect(await connected(id)).toBe(false)
})

it('refuses a callback that it did not begin, or that brings no code', async () => {
  const { id } = await create()
  const { location, cookie } = await begin(id)
  const back = provider.agree(location)
  const status = async (change: (url: URL) => void, headers: Record<string, string> = { cookie }) => {
    const url = new URL(back)
    change(url)
    return (await request(`${url.pathname}${url.search}`, headers)).status
  }
  expect(await status((url) => url.searchParams.set('state', 'forged'))).toBe(400)
  expect(await status((url) => url.searchParams.delete('state'))).toBe(400)
  expect(await status(() => undefined, {})).toBe(400)
  expect(await status((url) => url.searchParams.delete('code'))).toBe(400)
  expect(await status((url) => url.searchParams.set('error', 'access_denied'))).toBe(400)
  expect(await connected(id)).toBe(false)
})

it('answers 502 when the provider gives no token, without repeating what it said', async () => {
  const { id } = await create()
  provider.refusal = {
    status: 400,
    body: { error: 'invalid_grant', error_description: 'seeded-secret-echo' },
  }
  const response = await signIn(id)
  expect(response.status).toBe(502)
  const body = await response.text()
  expect(body).toContain('invalid_grant')
  expect(body).not.toContain('seeded-secret')
})

it.each([
  ['the address changes', { url: 'https://other.example/mcp' }, 400],
  ['the sign-in changes', { auth_type: 'none' }, 400],
  ['it is deleted', undefined, 404],
])('keeps no token when %s while the provider is asked for it', async (_, body, status) => {
  const { id } = await create()
  const params = { mcpserver: id }
  provider.beforeToken = async () => {
    if (body === undefined) await admin.call(mcpServersRoutes.delete, { params })
    else await admin.call(mcpServersRoutes.update, { params, body })
  }
  expect((await signIn(id)).status).toBe(status)
  const { tokens, servers } = server.deployment.services.mcp
  const userId = server.deployment.services.accounts.owner()?.id ?? ''
  if (body !== undefined) expect(await tokens.live(servers.get(id), userId)).toBeUndefined()
})

it('is for OAuth2 servers that are switched on', async () => {
  const { id } = await create({ enabled: false })
  for (const path of ['connect', 'callback'])
    expect((await request(`${pathOf(id)}/${path}`)).status).toBe(400)
  expect((await request(`${pathOf(id)}/connect`, { 'Coder-Session-Token': '' })).status).toBe(401)
  const other = await create({ auth_type: 'none' })
  for (const path of ['connect', 'callback'])
    expect((await request(`${pathOf(other.id)}/${path}`)).status).toBe(400)
  expect((await request(`${pathOf(other.id)}/disconnect`, {}, 'DELETE')).status).toBe(400)
  const nobody = '11111111-2222-4333-8444-555555555555'
  expect((await request(`${pathOf(nobody)}/connect`)).status).toBe(404)
  expect((await request(`${pathOf(nobody)}/disconnect`, {}, 'DELETE')).status).toBe(404)
})

it('forgets tokens when the provider changes', async () => {
  const { id } = await create()
  await signIn(id)
  expect(await connected(id)).toBe(true)
  await admin.call(mcpServersRoutes.update, {
    params: { mcpserver: id },
    body: { url: `${provider.url}/other` },
  })
  expect(await connected(id)).toBe(false)
})

it('refreshes an ended token once for all who ask, and is not connected when that fails', async () => {
  const clock = createFakeClock(Date.now())
  const logged: { readonly message: string; readonly fields?: unknown }[] = []
  const warn = (message: string, fields?: unknown) => void logged.push({ message, fields })
  const timed = await startTestServer({ clock, logger: { ...silentLogger, warn } })
  try {
    provider.expiresIn = 3600
    const client = await timed.ownerClient()
    const { mcp, accounts } = timed.deployment.services
    const userId = accounts.owner()?.id ?? ''
    const made = await client.call(mcpServersRoutes.create, {
      body: {
        display_name: 'Tracker',
        slug: 'tracker',
        transport: 'streamable_http',
        url: `${provider.url}/mcp`,
        auth_type: 'oauth2',
        availability: 'default_on',
        enabled: true,
      },
    })
    const row = mcp.servers.get(made.id)
    const location = `${provider.url}/authorize?redirect_uri=${timed.url}/x&code_challenge=${s256('v')}`
    const code = provider.agree(location).searchParams.get('code') ?? ''
    await mcp.tokens.exchange(row, userId, { code, verifier: 'v', redirectUri: `${timed.url}/x` })
    expect(await mcp.tokens.live(row, userId)).toBe('seeded-secret-access-1')
    clock.advance(3_595_000)
    const answers = await Promise.all([1, 2, 3].map(() => mcp.tokens.live(row, userId)))
    expect(answers).toEqual(Array.from({ length: 3 }, () => 'seeded-secret-access-2'))
    clock.advance(3_595_000)
    provider.refusal = {
      status: 400,
      body: { error: 'invalid_grant', error_description: 'seeded-secret-echo' },
    }
    expect(await mcp.tokens.live(row, userId)).toBeUndefined()
    expect(logged).toMatchObject([
      { fields: { serverId: row.id, userId, reason: expect.stringContaining('invalid_grant') as string } },
    ])
    expect(JSON.stringify(logged)).not.toContain('seeded-secret')
    expect(await mcp.requestHeaders(row, { ownerId: userId, chatId: 'c' })).toMatchObject({ ok: false })
  } finally {
    await timed.close()
  }
})
