import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '#bridge/lib/clock'
import { createLiveValue } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { createStorageNotices } from '../../lib/storage-notices.ts'
import { createFakeSecrets, type FakeSecrets } from '../../testing/fake-ports.ts'
import { testUuid } from '../../testing/builders.ts'
import { createRecordingLogger } from '../../testing/recording-logger.ts'
import { startStubDeployment, type StubDeployment } from '../../testing/stub-deployment.ts'
import { DeploymentConnection } from '../deployments/connection.ts'
import { createHeaderVault, type HeaderVault } from './header-vault.ts'
import { createMcpAddresses, openMcpAddressesFile, type McpAddresses } from './mcp-addresses.ts'
import { createMcpOrigins, openMcpOriginsFile } from './mcp-origins.ts'
import { createMcpTargets, type McpTargets } from './mcp-target.ts'

const token = 'Abcdefghij-0123456789abcdefghijkl'
const serverId = testUuid(1)
const place = { deploymentId: 'acme', userId: testUuid(900), serverId }

let folder: string
let stub: StubDeployment
let connection: DeploymentConnection
let secrets: FakeSecrets
let vault: HeaderVault
let addresses: McpAddresses
let targets: McpTargets
let config: Record<string, unknown>

const openOrigins = async () =>
  createMcpOrigins(
    await openMcpOriginsFile({
      folder,
      notices: createStorageNotices(),
      clock: systemClock,
      logger: createRecordingLogger(),
    }),
  )
const openAddresses = async () =>
  createMcpAddresses(
    await openMcpAddressesFile({
      folder,
      notices: createStorageNotices(),
      clock: systemClock,
      logger: createRecordingLogger(),
    }),
  )

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outpost-mcp-target-'))
  stub = await startStubDeployment(token)
  config = {
    id: serverId,
    slug: 'weather',
    display_name: 'Weather',
    transport: 'streamable_http',
    url: 'https://mcp.example.com/mcp',
    auth_type: 'custom_headers',
    enabled: true,
    custom_headers_user_keys: ['X-Api-Key', 'X-Region'],
  }
  stub.override = ({ path }) =>
    path === `/api/experimental/mcp/servers/${serverId}` ? { status: 200, body: config } : undefined
  connection = new DeploymentConnection({
    source: {
      url: () => stub.url,
      load: () => Promise.resolve({ kind: 'ready', url: stub.url, token }),
      refused: () => Promise.resolve(false),
      onChange: () => () => undefined,
    },
    clock: systemClock,
    random: () => 0.5,
    logger: createRecordingLogger(),
    userAgent: 'test',
    visible: createLiveValue(false),
  })
  connection.start()
  secrets = createFakeSecrets()
  vault = createHeaderVault(secrets)
  addresses = await openAddresses()
  targets = createMcpTargets({ connection: () => connection, vault, addresses, origins: await openOrigins() })
})
afterEach(async () => {
  connection.close()
  await stub.close()
  await rm(folder, { recursive: true, force: true })
})

const failure = async (): Promise<ProcedureError> => {
  const thrown = await targets.resolve('acme', serverId).then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(thrown instanceof ProcedureError)) throw new Error('It did not fail as a call does.')
  return thrown
}

describe('where a connection goes', () => {
  it('is what the deployment tells an administrator, with its transport', async () => {
    await vault.write(place, { 'X-Api-Key': 'k', 'X-Region': 'eu' })
    await addresses.set('acme', serverId, { url: 'https://mcp.example.com/mcp', transport: 'sse' })
    expect(await targets.resolve('acme', serverId)).toMatchObject({
      url: 'https://mcp.example.com/mcp',
      transport: 'streamable_http',
      addressFrom: 'deployment',
    })
  })

  it('is what the user has given where the deployment does not tell', async () => {
    Object.assign(config, { url: '', transport: '', auth_type: 'none', custom_headers_user_keys: [] })
    expect((await failure()).code).toBe('address_unknown')
    await addresses.set('acme', serverId, { url: ' https://MCP.example.com/sse#top ', transport: 'sse' })
    expect(await targets.resolve('acme', serverId)).toMatchObject({
      url: 'https://mcp.example.com/sse',
      transport: 'sse',
      addressFrom: 'user',
      headers: {},
    })
  })

  it('belongs to one server of one deployment, and outlives the app', async () => {
    const address = { url: 'http://localhost:8080/mcp', transport: 'streamable_http' } as const
    await addresses.set('acme', serverId, address)
    await addresses.set('other', serverId, { ...address, url: 'https://b.example.com/' })
    const again = await openAddresses()
    expect(again.of('acme', serverId)).toEqual(address)
    expect(again.of('acme', testUuid(2))).toBeUndefined()
    await again.removeDeployment('acme')
    expect(again.ofDeployment('acme')).toEqual({})
    expect(Object.keys(again.ofDeployment('other'))).toEqual([serverId])
    await again.set('other', serverId, undefined)
    const kept = await readFile(join(folder, 'mcp-addresses.json'), 'utf8')
    expect(JSON.parse(kept)).toEqual({ version: 1, data: [] })
  })

  it.each([
    ['mcp.example.com', /complete address/],
    ['ftp://mcp.example.com', /starts with https/],
    ['http://mcp.example.com/mcp', /read your header values/],
    ['http://127.0.0.1.example.com/', /read your header values/],
    ['https://ada:pw@mcp.example.com/', /user name and password/],
    ['https://mcp.example.com\\@evil.example.com/', /complete address/],
    ['https://mcp.example.com/\u202Egnp', /complete address/],
  ])('cannot be %j', async (url, words) => {
    const set = addresses.set('acme', serverId, { url, transport: 'sse' })
    await expect(set).rejects.toThrow(words)
    expect(addresses.ofDeployment('acme')).toEqual({})
  })
})

describe('an address that the deployment tells', () => {
  const evil = 'https://evil.example.com/mcp'
  beforeEach(() => vault.write(place, { 'X-Api-Key': 'k', 'X-Region': 'eu' }))

  it.each([
    ['http://mcp.example.com/mcp', /administrator.*Weather.*read your header values/s],
    ['https://ada:pw@mcp.example.com/', /user name and password/],
    ['ftp://mcp.example.com', /starts with https/],
  ])('gets no value as %s', async (url, words) => {
    config['url'] = url
    const error = await failure()
    expect([error.code, error.message]).toEqual(['invalid_address', expect.stringMatching(words)])
  })

  it('replaces none that the user typed without a question', async () => {
    await addresses.set('acme', serverId, { url: 'https://mine.example.com/mcp', transport: 'sse' })
    expect(await failure()).toMatchObject({
      code: 'address_changed',
      message: expect.stringMatching(/Weather.*mine\.example\.com.*mcp\.example\.com/s) as string,
      details: { to: 'https://mcp.example.com/mcp' },
    })
    await targets.confirmAddress('acme', serverId, 'https://mcp.example.com/mcp')
    expect(addresses.of('acme', serverId)).toBeUndefined()
    expect((await targets.resolve('acme', serverId)).url).toBe('https://mcp.example.com/mcp')
  })

  it('gets no value at another host than at first, also after a restart, until the user allows it', async () => {
    await targets.resolve('acme', serverId)
    config['url'] = 'https://mcp.example.com/v2'
    await targets.resolve('acme', serverId)
    config['url'] = `${evil}?key=of-the-administrator`
    targets = createMcpTargets({
      connection: () => connection,
      vault,
      addresses,
      origins: await openOrigins(),
    })
    expect(await failure()).toMatchObject({
      code: 'address_changed',
      message: expect.stringMatching(/mcp\.example\.com.*evil\.example\.com/s) as string,
      details: { to: evil },
    })
    await targets.confirmAddress('acme', serverId, evil)
    expect((await targets.resolve('acme', serverId)).url).toBe(String(config['url']))
  })

  it('is not allowed in place of the one that the user saw', async () => {
    await targets.resolve('acme', serverId)
    config['url'] = evil
    await expect(
      targets.confirmAddress('acme', serverId, 'https://seen.example.com/mcp'),
    ).rejects.toMatchObject({ code: 'address_changed', details: { to: evil } })
    expect((await failure()).code).toBe('address_changed')
  })

  it('is asked about where only its port or scheme is another', async () => {
    config['url'] = 'https://127.0.0.1:9000/mcp'
    await targets.resolve('acme', serverId)
    config['url'] = 'http://127.0.0.1:9000/mcp'
    expect((await failure()).message).toMatch(/https:\/\/127.*http:\/\/127/s)
  })

  it('may move while no value goes there', async () => {
    Object.assign(config, { auth_type: 'none', custom_headers_user_keys: [] })
    await targets.resolve('acme', serverId)
    config['url'] = evil
    expect((await targets.resolve('acme', serverId)).url).toBe(evil)
  })
})

describe('what a connection carries', () => {
  it('is the vault’s value for every declared header, in the administrator’s spelling, as bytes', async () => {
    await vault.write(place, { 'x-api-key': ' grüße ', 'X-Region': 'eu', 'X-Old': 'not asked for' })
    const { headers } = await targets.resolve('acme', serverId)
    expect(headers).toEqual({ 'X-Api-Key': Buffer.from('grüße').toString('latin1'), 'X-Region': 'eu' })
    // Would throw for anything HTTP cannot carry.
    expect(new Headers(headers).get('x-region')).toBe('eu')
  })

  it('is nothing while values are missing, and they are named', async () => {
    await vault.write(place, { 'X-Region': '  ' })
    expect(await failure()).toMatchObject({
      code: 'values_missing',
      message: 'Weather needs your value for X-Api-Key and X-Region.',
      details: { names: ['X-Api-Key', 'X-Region'] },
    })
  })

  it('is nothing while the keychain is locked', async () => {
    await vault.write(place, { 'X-Api-Key': 'k', 'X-Region': 'eu' })
    secrets.become({ kind: 'locked', backend: 'Test Keyring' })
    expect((await failure()).code).toBe('keychain_locked')
  })

  it('is nothing that only the deployment has', async () => {
    for (const [authType, words] of [
      ['oauth2', /token of your sign-in/],
      ['api_key', /API key/],
      ['user_oidc', /OpenID/],
      ['toString', /what it asks for/],
    ] as const) {
      Object.assign(config, { auth_type: authType })
      const error = await failure()
      expect(error.code).toBe('auth_on_deployment')
      expect(error.message).toMatch(words)
    }
  })

  it('is no header that HTTP has no name for', async () => {
    Object.assign(config, { custom_headers_user_keys: ['X-Region', 'Größe\r\nX-Evil'] })
    expect(await failure()).toMatchObject({ code: 'header_unusable' })
  })

  it.each(['\u0001', '\u001B[2J', '\u007F'])('is no value with the character %j in it', async (character) => {
    await vault.write(place, { 'X-Api-Key': `seeded-secret-${character}`, 'X-Region': 'eu' })
    const error = await failure()
    expect(error).toMatchObject({
      code: 'header_unusable',
      message: expect.stringContaining('X-Api-Key') as unknown,
    })
    expect(error.message).not.toContain('seeded-secret')
  })

  it('is nothing for a server that is gone', async () => {
    stub.override = () => undefined
    expect((await failure()).code).toBe('not_found')
  })
})
