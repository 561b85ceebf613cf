// The app against a real local deployment and a provider; the browser is played by hand.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { createCoderClient, type CoderClient } from '#bridge/client/coder-client'
import { mcpServersRoutes } from '#bridge/contract/mcp-servers'
import { startOAuth2Provider, type OAuth2Provider } from '#bridge/testing/oauth2-provider'
import { startHarness, type AppHarness } from '../../testing/app-harness.ts'
import { testUuid } from '../../testing/builders.ts'
import { CallFailure } from '../../testing/in-memory-page.ts'
import { startStandaloneDeployment, type StandaloneDeployment } from '../../testing/standalone-deployment.ts'
import { startStubDeployment, type StubAnswer } from '../../testing/stub-deployment.ts'
import { untilConnected } from '../../testing/until-connected.ts'

const LOCAL = { deploymentId: 'local' }
const TIMEOUT = 60_000

let deployment: StandaloneDeployment
let admin: CoderClient
let provider: OAuth2Provider

beforeAll(async () => {
  deployment = await startStandaloneDeployment()
  admin = createCoderClient({ baseUrl: deployment.url, token: deployment.token })
  provider = await startOAuth2Provider()
}, TIMEOUT)
afterAll(() => Promise.all([deployment.close(), provider.close()]), TIMEOUT)

let harness: AppHarness
const open = async (local: { url: string; token: string }) => {
  harness = await startHarness({ local })
  await untilConnected(harness.page)
}
afterEach(() => harness.close())
const opened = async () => {
  await vi.waitUntil(() => harness.desktop.opened.length > 0, { timeout: TIMEOUT })
  return harness.desktop.opened.at(-1) ?? ''
}
const outcome = (call: Promise<unknown>): Promise<unknown> =>
  call.catch((error: unknown) => (error instanceof CallFailure ? error.error.code : error))

describe('signing in at a local deployment', () => {
  let target: { deploymentId: string; serverId: string }
  let slug = 0
  beforeEach(async () => {
    await open(deployment)
    const { id } = await admin.call(mcpServersRoutes.create, {
      body: {
        display_name: 'Tracker',
        slug: `tracker-${(slug += 1)}`,
        transport: 'streamable_http',
        url: `${provider.url}/mcp`,
        auth_type: 'oauth2',
        availability: 'default_on',
        enabled: true,
      },
    })
    target = { ...LOCAL, serverId: id }
  })
  const isConnected = async () => {
    const { servers } = await harness.page.call('mcpServers.list', LOCAL)
    return servers.find(({ config }) => config.id === target.serverId)?.config.auth_connected
  }

  it('opens the browser, waits for it, and signs out again', { timeout: TIMEOUT }, async () => {
    const signedIn = harness.page.call('mcpServers.signIn', target)
    const page = await opened()
    expect(new URL(page).origin).toBe(deployment.url)
    expect(await isConnected()).toBe(false)
    const begun = await fetch(page, { redirect: 'manual' })
    const cookie = begun.headers
      .getSetCookie()
      .map((entry) => entry.split(';')[0])
      .join('; ')
    const back = provider.agree(begun.headers.get('location') ?? '')
    expect((await fetch(back, { headers: { cookie } })).status).toBe(200)
    expect(await signedIn).toBeNull()
    expect(await isConnected()).toBe(true)
    await harness.page.call('mcpServers.signOut', target)
    expect(await isConnected()).toBe(false)
    expect(JSON.stringify([harness.page.received, harness.logger])).not.toMatch(/seeded-secret|ticket=/)
  })

  it('stops waiting when the user cancels', { timeout: TIMEOUT }, async () => {
    harness.page.sendRaw({ type: 'call', id: 9001, procedure: 'mcpServers.signIn', input: target })
    await opened()
    harness.page.sendRaw({ type: 'cancel', id: 9001 })
    expect(await isConnected()).toBe(false)
  })

  it('ends when the server is deleted meanwhile', { timeout: TIMEOUT }, async () => {
    const signedIn = outcome(harness.page.call('mcpServers.signIn', target))
    await opened()
    await admin.call(mcpServersRoutes.delete, { params: { mcpserver: target.serverId } })
    expect(await signedIn).toBe('not_found')
  })
})

describe('signing in at another deployment', () => {
  const token = 'Abcdefghij-0123456789abcdefghijkl'
  const target = { ...LOCAL, serverId: testUuid(1) }
  const connectPath = `/api/experimental/mcp/servers/${target.serverId}/oauth2/connect`
  const config = { id: target.serverId, slug: 'tracker', auth_type: 'oauth2', enabled: true }

  const serve = async (answers: Record<string, StubAnswer>) => {
    const stub = await startStubDeployment(token)
    stub.override = ({ method, path }) => answers[`${method} ${path}`]
    await open({ url: stub.url, token })
    return stub
  }
  const links = `POST /api/experimental/mcp/servers/${target.serverId}/oauth2/link`
  const get = `GET /api/experimental/mcp/servers/${target.serverId}`
  const withLinks = {
    status: 200,
    body: { version: 'v2.31.0', outpost_features: ['mcp-sign-in-link'] },
  }

  it.each([
    ['that has no links', {}],
    [
      'whose links are not for this machine',
      { 'GET /api/v2/buildinfo': withLinks, [links]: { status: 409, body: { message: 'No.' } } },
    ],
  ])('%s opens its own page, where the browser is signed in', { timeout: TIMEOUT }, async (_, answers) => {
    const connected = { status: 200, body: { ...config, auth_connected: true } }
    const stub = await serve({ ...answers, [get]: connected })
    await harness.page.call('mcpServers.signIn', target)
    expect(harness.desktop.opened).toEqual([`${stub.url}${connectPath}`])
    await stub.close()
  })

  it('that names a page of somebody else is asked about first', { timeout: TIMEOUT }, async () => {
    const link = { url: 'https://evil.example/phish', expires_at: '2026-11-22T12:00:00Z' }
    const stub = await serve({ 'GET /api/v2/buildinfo': withLinks, [links]: { status: 201, body: link } })
    harness.desktop.answer = 1
    expect(await outcome(harness.page.call('mcpServers.signIn', target))).toBe('cancelled')
    expect(harness.desktop.opened).toEqual([])
    await stub.close()
  })

  it(
    'that keeps servers in organizations opens the page there, and signs out where it was',
    { timeout: TIMEOUT },
    async () => {
      const organization = testUuid(901)
      const servers = `/api/experimental/organizations/${organization}/mcp-servers`
      const one = `${servers}/${target.serverId}`
      let looks = 0
      const stub = await startStubDeployment(token)
      stub.override = ({ method, path }) => {
        const listed = { ...config, organization_id: organization, auth_connected: false }
        switch (`${method} ${path}`) {
          case 'GET /api/experimental/organizations/default/mcp-servers':
          case `GET ${servers}`:
            return { status: 200, body: [listed] }
          case `GET ${one}`:
            looks += 1
            return { status: 200, body: { ...listed, auth_connected: looks > 1 } }
          // Newer deployments answer it with a body (agents-api, 07-20).
          case `DELETE /api/experimental/mcp/servers/${target.serverId}/oauth2/disconnect`:
            return { status: 200, body: { message: 'Disconnected.' } }
          default:
            return undefined
        }
      }
      await open({ url: stub.url, token })
      await harness.page.call('mcpServers.signIn', target)
      expect([harness.desktop.opened, looks]).toEqual([[`${stub.url}${one}/oauth2/connect`], 2])
      expect(await harness.page.call('mcpServers.signOut', target)).toBeNull()
      const gone = { ...target, serverId: testUuid(2) }
      expect(await outcome(harness.page.call('mcpServers.signIn', gone))).toBe('not_found')
      await stub.close()
    },
  )
})
