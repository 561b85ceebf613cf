import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CoderClient } from '../../client/coder-client.ts'
import { mcpServersRoutes } from '../../contract/mcp-servers.ts'
import { usersRoutes } from '../../contract/users.ts'
import { createMcpSignInLinks } from '../../server/services/mcp/sign-in-links.ts'
import { createFakeClock, type FakeClock } from '../fake-clock.ts'
import { type OAuth2Provider, serverBehind, startOAuth2Provider } from '../oauth2-provider.ts'
import { rawRequest } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

let server: TestServer
let clock: FakeClock
let admin: CoderClient
let member: CoderClient
let provider: OAuth2Provider
let serverId: string

beforeAll(async () => {
  clock = createFakeClock(Date.now())
  server = await startTestServer({ clock })
  admin = await server.ownerClient()
  member = await server.memberClient('grace')
})
afterAll(() => server.close())
beforeEach(async () => {
  provider = await startOAuth2Provider()
  serverId = (await create()).id
  return () => provider.close()
})

const create = (more: Parameters<typeof serverBehind>[1] = {}) =>
  admin.call(mcpServersRoutes.create, { body: serverBehind(provider, more) })
const params = () => ({ params: { mcpserver: serverId } })
const link = (client = member) => client.call(mcpServersRoutes.oauth2Link, params())
const connected = async (client = member) =>
  (await client.call(mcpServersRoutes.get, params())).auth_connected

/** A browser: cookies by name and path, no token, and what it says about who sent it. */
const open = (url: string, headers: Record<string, string> = {}) =>
  rawRequest(url, { headers: { 'sec-fetch-site': 'none', ...headers } })
const cookiesOf = (answer: Awaited<ReturnType<typeof open>>): string[] => {
  const set = answer.headers['set-cookie']
  return Array.isArray(set) ? set : []
}
const sentBack = (set: readonly string[]): string => set.map((entry) => entry.split(';')[0]).join('; ')

/** Opens a link and agrees at the provider: where it sends the browser, and with which cookies. */
async function agree(url: string) {
  const begun = await open(url)
  expect(begun.status).toBe(303)
  const back = provider.agree(String(begun.headers['location']))
  return { back: back.href, cookie: sentBack(cookiesOf(begun)), set: cookiesOf(begun) }
}
const comeBack = (back: string, cookie: string) => open(back, { cookie, 'sec-fetch-site': 'cross-site' })

describe('a one-time link', () => {
  it('signs its user in, in a browser that holds no session, and nobody else', async () => {
    const { url, expires_at } = await link()
    expect(new Date(expires_at).getTime() - clock.now()).toBe(60_000)
    const { back, cookie, set } = await agree(url)
    expect(set).toHaveLength(3)
    for (const entry of set)
      expect(entry).toMatch(
        new RegExp(
          `; Path=/api/experimental/mcp/servers/${serverId}/oauth2/callback; .*HttpOnly; SameSite=Lax`,
        ),
      )
    expect(set.join('')).not.toContain('coder_session_token')
    const done = await comeBack(back, cookie)
    expect([done.status, done.text.includes('You can close this window')]).toEqual([200, true])
    expect(cookiesOf(done).every((entry) => entry.includes('Max-Age=0'))).toBe(true)
    expect([await connected(), await connected(admin)]).toEqual([true, false])
    const audited = server.deployment.services.auditLog.newest(1)
    const me = await member.call(usersRoutes.get, { params: { user: 'me' } })
    expect(audited).toMatchObject([{ resource_type: 'mcp_server_user_token', user_id: me.id }])
  })

  it('opens once', async () => {
    const { url } = await link()
    await agree(url)
    const again = await open(url)
    expect([again.status, again.text.includes('used already')]).toEqual([400, true])
    expect(cookiesOf(again)).toEqual([])
  })

  it('is too old after a minute', async () => {
    const { url } = await link()
    clock.advance(60_000)
    expect((await open(url)).status).toBe(400)
  })

  it('leads to the provider of its server only, whatever is added to it', async () => {
    const { url } = await link()
    const begun = await open(`${url}&redirect=https://evil.example&mcpserver=x`)
    expect(new URL(String(begun.headers['location'])).origin).toBe(provider.url)
  })

  it('does nothing at another name of this machine, and is not spent by that', async () => {
    const { url } = await link()
    const elsewhere = new URL(url)
    elsewhere.hostname = 'localhost'
    expect((await open(elsewhere.href)).status).toBe(403)
    expect((await open(url, { host: 'evil.example' })).status).toBe(403)
    expect((await open(url)).status).toBe(303)
  })

  it('does nothing for a page that sends the browser there', async () => {
    const { url } = await link()
    for (const site of ['cross-site', 'same-site', 'same-origin'])
      expect((await open(url, { 'sec-fetch-site': site })).status).toBe(403)
    expect((await open(url)).status).toBe(303)
  })

  it('is refused without a ticket, and with one that somebody made up', async () => {
    for (const query of ['', '?ticket=', `?ticket=${'A'.repeat(32)}`])
      expect((await open(`${server.url}/mcp-sign-in${query}`)).status).toBe(400)
  })

  it('ends with the session that made it', async () => {
    const other = await server.memberClient('ended')
    const { url } = await other.call(mcpServersRoutes.oauth2Link, params())
    const { url: second } = await other.call(mcpServersRoutes.oauth2Link, params())
    const { back, cookie } = await agree(second)
    await other.call(usersRoutes.logout, {})
    expect((await open(url)).status).toBe(400)
    expect((await comeBack(back, cookie)).status).toBe(401)
    expect(provider.tokenRequests).toEqual([])
  })

  it('is for OAuth2 servers that are there and switched on, and asked for by somebody who is signed in', async () => {
    const none = { mcpserver: (await create({ auth_type: 'none' })).id }
    await expect(member.call(mcpServersRoutes.oauth2Link, { params: none })).rejects.toMatchObject({
      status: 400,
    })
    await expect(
      member.call(mcpServersRoutes.oauth2Link, {
        params: { mcpserver: '11111111-2222-4333-8444-555555555555' },
      }),
    ).rejects.toMatchObject({ status: 404 })
    await expect(server.client().call(mcpServersRoutes.oauth2Link, params())).rejects.toMatchObject({
      status: 401,
    })
  })
})

describe('what the link left in the browser', () => {
  it('opens nothing of the API', async () => {
    const { cookie } = await agree((await link()).url)
    for (const path of [
      '/api/v2/users/me',
      '/api/experimental/mcp/servers',
      `/api/experimental/mcp/servers/${serverId}/oauth2/connect`,
    ])
      expect((await open(server.url + path, { cookie })).status).toBe(401)
  })

  it('is no answer without the state, and is not spent by a made-up one', async () => {
    const { back, cookie } = await agree((await link()).url)
    const forged = new URL(back)
    forged.searchParams.set('state', 'forged')
    const refused = await comeBack(forged.href, cookie)
    expect([refused.status, refused.headers['content-type']]).toEqual([400, 'text/html; charset=utf-8'])
    expect((await comeBack(back, cookie)).status).toBe(200)
  })

  it('ends one sign-in', async () => {
    const { back, cookie } = await agree((await link()).url)
    expect((await comeBack(back, cookie)).status).toBe(200)
    expect((await comeBack(back, cookie)).status).toBe(401)
  })

  it('is of one server', async () => {
    const first = await agree((await link()).url)
    serverId = (await create()).id
    const second = await agree((await link()).url)
    const [mixed] = first.cookie.split('; ').filter((pair) => pair.startsWith('outpost_mcp_sign_in='))
    const others = second.cookie.split('; ').filter((pair) => !pair.startsWith('outpost_mcp_sign_in='))
    expect((await comeBack(second.back, [...others, mixed].join('; '))).status).toBe(401)
    expect(await connected()).toBe(false)
  })

  it('is too old after ten minutes', async () => {
    const { back, cookie } = await agree((await link()).url)
    clock.advance(600_000)
    expect((await comeBack(back, cookie)).status).toBe(401)
  })
})

it('a server that others reach makes no links', async () => {
  const { db, sessions } = server.deployment.services
  const actor = sessions.authenticate(await server.deployment.mintOwnerSession('Ada'))
  const linksAt = (accessUrl: string) => createMcpSignInLinks({ db, clock, accessUrl: () => accessUrl })
  for (const url of ['https://outpost.example.test', 'http://127.0.0.1.example.test', 'http://10.0.0.1:3000'])
    expect(() => linksAt(url).issue(actor, serverId)).toThrow(
      expect.objectContaining({ status: 409 }) as Error,
    )
  for (const url of ['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000'])
    expect(linksAt(url).issue(actor, serverId).ticket).toHaveLength(32)
})
