import { afterAll, beforeAll, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { mcpServersRoutes } from '../../contract/mcp-servers.ts'
import { ownName } from '../conformance-target.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

let server: TestServer
let admin: CoderClient
let slug = 0
const ownerId = '11111111-2222-4333-8444-555555555555'
const origin = { ownerId, chatId: 'chat' }

beforeAll(async () => {
  server = await startTestServer()
  admin = await server.ownerClient()
})
afterAll(() => server.close())

async function headersOf(body: object, from: object = {}, prepare?: (id: string) => Promise<unknown>) {
  const { id } = await admin.call(mcpServersRoutes.create, {
    body: {
      display_name: 'Weather',
      slug: ownName(`weather-${(slug += 1)}`),
      transport: 'sse',
      url: 'https://mcp.example.com/sse',
      availability: 'default_on',
      enabled: true,
      auth_type: 'custom_headers',
      ...body,
    },
  })
  await prepare?.(id)
  const { mcp, accounts } = server.deployment.services
  const userId = accounts.owner()?.id ?? ''
  return mcp.requestHeaders(mcp.servers.get(id), { ...origin, ownerId: userId, ...from })
}
const put = (values: Record<string, string>) => (mcpserver: string) =>
  admin.call(mcpServersRoutes.putUserHeaders, { params: { mcpserver }, body: { values } })

it('are the administrator’s headers and the owner’s values, in the administrator’s spelling', async () => {
  expect(
    await headersOf(
      { custom_headers: { 'X-Tenant': 'acme' }, custom_headers_user_keys: ['X-API-Key'] },
      {},
      put({ 'x-api-key': 'mine' }),
    ),
  ).toEqual({ ok: true, headers: { 'X-Tenant': 'acme', 'X-API-Key': 'mine' } })
})

it('are none when a value is missing, and the reason names server and keys', async () => {
  const result = await headersOf({ custom_headers_user_keys: ['X-A', 'X-B'] }, {}, put({ 'X-A': 'a' }))
  expect(result).toEqual({ ok: false, reason: 'Weather needs your value for X-B.' })
})

it('are the owner’s alone: another user’s values do not count', async () => {
  expect(
    await headersOf({ custom_headers_user_keys: ['X-A'] }, { ownerId }, put({ 'X-A': 'a' })),
  ).toMatchObject({ ok: false })
})

it.each([
  ['none', {}, {}],
  ['api_key', { api_key_header: 'X-Key', api_key_value: 'k' }, { 'X-Key': 'k' }],
])('of %s are %j', async (authType, body, headers) => {
  expect(await headersOf({ auth_type: authType, ...body })).toEqual({ ok: true, headers })
})

it('of oauth2 and OpenID need a sign-in', async () => {
  const provider = {
    oauth2_client_id: 'c',
    oauth2_auth_url: 'https://a.example/a',
    oauth2_token_url: 'https://a.example/t',
  }
  expect(await headersOf({ auth_type: 'oauth2', ...provider })).toMatchObject({ ok: false })
  expect(await headersOf({ auth_type: 'user_oidc' })).toMatchObject({ ok: false })
})

it('say who asks only where that is wanted, and never instead of a header that is there', async () => {
  const body = { custom_headers: { 'x-coder-chat-id': 'mine' }, forward_coder_headers: true }
  const result = await headersOf(body, { chatId: 'sub', parentChatId: 'root', workspaceId: 'w', ownerId })
  expect(result).toEqual({
    ok: true,
    headers: {
      'x-coder-chat-id': 'mine',
      'X-Coder-Owner-Id': ownerId,
      'X-Coder-Subchat-Id': 'sub',
      'X-Coder-Workspace-Id': 'w',
    },
  })
  expect(await headersOf({ auth_type: 'none', forward_coder_headers: true }, { ownerId })).toEqual({
    ok: true,
    headers: { 'X-Coder-Owner-Id': ownerId, 'X-Coder-Chat-Id': 'chat' },
  })
})

it('carry any character as its bytes', async () => {
  const result = await headersOf({ custom_headers: { 'X-Name': ' größe ' } })
  expect(result).toEqual({ ok: true, headers: { 'X-Name': Buffer.from('größe').toString('latin1') } })
  expect(() => new Headers(result.ok ? result.headers : {})).not.toThrow()
})
