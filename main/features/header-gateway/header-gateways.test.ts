import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { GatewayState, OpenGateway } from '#bridge/contract/header-gateway'
import { mcpServerConfigSchema } from '#bridge/contract/mcp-servers'
import type { KeychainState } from '#ipc/keychain'
import { createLiveValue } from '../../lib/live-value.ts'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { createStorageNotices } from '../../lib/storage-notices.ts'
import { testUuid } from '../../testing/builders.ts'
import { createFakeDesktop, createFakeSecrets } from '../../testing/fake-ports.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createRecordingLogger } from '../../testing/recording-logger.ts'
import { SecretsError } from '../../ports/secrets.ts'
import { requireTaken } from '../bridge/bridge-refusals.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import type { McpTarget } from '../mcp-servers/mcp-target.ts'
import { openGatewaysFile } from './gateways-file.ts'
import { createHeaderGatewayHandlers } from './header-gateway-handlers.ts'
import { createHeaderGateways, type HeaderGateways, type HeaderGatewaysDeps } from './header-gateways.ts'

const secret = 'seeded-header-value'
const place = { deploymentId: 'local', serverId: testUuid(1), workspaceId: testUuid(2) }
const id = `local/ada/${place.serverId}/${place.workspaceId}`
const config = mcpServerConfigSchema.parse({
  id: place.serverId,
  slug: 'obs',
  transport: 'streamable_http',
  auth_type: 'custom_headers',
  availability: 'default_on',
  display_name: 'Observability',
  enabled: true,
})

let folder: string
let clock: ReturnType<typeof createManualClock>
let logger: ReturnType<typeof createRecordingLogger>
const state = createLiveValue<KeychainState>({ kind: 'works', backend: 'Test' })
let secrets: ReturnType<typeof createFakeSecrets>
let keychain: HeaderGatewaysDeps['keychain']
let session: object | undefined
let ending: 'signed_out' | 'unreachable'
let isListed: boolean
let userId: string
let target: () => Promise<McpTarget>
let opened: Map<string, Omit<OpenGateway, 'type'>>
let posted: string[]
let gateways: HeaderGateways
let settled: () => Promise<void>

async function start(): Promise<void> {
  const file = await openGatewaysFile({ folder, notices: createStorageNotices(), clock, logger })
  settled = () => file.settled()
  gateways = createHeaderGateways({
    file,
    targets: { resolve: () => target(), confirmAddress: () => Promise.resolve() },
    bridge: {
      openGateway(request) {
        requireTaken({ type: 'open-gateway', ...request })
        posted.push('open')
        opened.set(request.gatewayId, request)
      },
      closeGateway(gatewayId) {
        posted.push('close')
        opened.delete(gatewayId)
      },
      retryGateway: () => void posted.push('retry'),
    },
    connection: () =>
      isListed
        ? ({
            session: createLiveValue(session),
            view: createLiveValue({
              user: { id: userId },
              state: { kind: session === undefined ? ending : 'connected' },
            }),
          } as unknown as DeploymentConnection)
        : undefined,
    keychain,
    clock,
    logger,
  })
  await turn()
}

/** Lets a look at the target come to its end. */
const turn = (): Promise<void> => new Promise((done) => setImmediate(done))
const shown = () => gateways.of(place.deploymentId, place.serverId).get()
const say = (change: Partial<GatewayState> = {}): void =>
  gateways.onState({
    type: 'gateway-state',
    gatewayId: id,
    connection: { kind: 'open', port: opened.get(id)?.port ?? 0 },
    calls: 0,
    problem: null,
    configProblem: null,
    isPortTaken: false,
    ...change,
  })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outpost-gateways-'))
  clock = createManualClock()
  logger = createRecordingLogger()
  state.set({ kind: 'works', backend: 'Test' })
  secrets = createFakeSecrets()
  keychain = {
    state,
    get: (account) => secrets.get(account),
    set: (account, value) => secrets.set(account, value),
    delete: (account) => secrets.delete(account),
  }
  session = {}
  ending = 'signed_out'
  isListed = true
  userId = 'ada'
  target = async () => ({
    config,
    url: 'https://mcp.example.test/',
    transport: 'streamable_http',
    addressFrom: 'deployment',
    headers: { 'X-Key': secret },
  })
  opened = new Map()
  posted = []
  await start()
})
afterEach(async () => {
  gateways.close()
  await settled()
  await rm(folder, { recursive: true, force: true })
})

describe('a gateway', () => {
  it('is not opened with values that no request carries, and is once they are smaller', async () => {
    const normal = target
    target = async () => ({ ...(await normal()), headers: { 'X-Key': secret.padEnd(256 * 1024, 'x') } })
    await gateways.set(place, true)
    await turn()
    expect(shown()).toMatchObject([
      {
        state: {
          kind: 'blocked',
          code: 'target_unusable',
          reason: expect.stringContaining('there is room for 64 KiB') as string,
        },
      },
    ])
    expect(opened.size).toBe(0)
    target = normal
    gateways.targetsChanged(place.deploymentId, place.serverId)
    await turn()
    expect(opened.size).toBe(1)
  })

  it('is opened with what the server needs, and shows what the bridge says', async () => {
    await gateways.set(place, true)
    expect(opened.get(id)).toEqual({
      gatewayId: id,
      deploymentId: 'local',
      workspaceId: place.workspaceId,
      name: 'obs',
      target: {
        url: 'https://mcp.example.test/',
        transport: 'streamable_http',
        headers: { 'X-Key': secret },
      },
      bearer: expect.stringMatching(/^[\w-]{43}$/) as string,
      port: expect.any(Number) as number,
    })
    const port = opened.get(id)?.port ?? 0
    expect(port).toBeGreaterThanOrEqual(20_000)
    expect(port).toBeLessThan(29_000)
    expect(shown()[0]?.state).toEqual({ kind: 'connecting' })
    const problem = { message: 'The MCP server refused the header values (401).', status: 401 }
    say({ problem, configProblem: 'No room.' })
    expect(shown()).toEqual([
      {
        workspaceId: place.workspaceId,
        state: { kind: 'open', address: `127.0.0.1:${String(port)}/mcp` },
        callsToday: 0,
        problem,
        configProblem: 'No room.',
      },
    ])
  })

  it('is there again after a restart on its port, with its bearer, and its file holds no secret', async () => {
    await gateways.set(place, true)
    const before = opened.get(id)
    say({ connection: { kind: 'open', port: 23_456 }, calls: 3 })
    gateways.close()
    await settled()
    const text = await readFile(join(folder, 'header-gateways.json'), 'utf8')
    expect(text).not.toContain(secret)
    expect(text).not.toContain(before?.bearer)
    await start()
    expect(opened.get(id)).toMatchObject({ port: 23_456, target: { headers: { 'X-Key': secret } } })
    expect(opened.get(id)?.bearer).toBe(before?.bearer)
    expect([...secrets.stored.values()]).toEqual([before?.bearer])
    expect(shown()[0]?.callsToday).toBe(3)
  })

  it('is off at once and for good when it is switched off', async () => {
    await gateways.set(place, true)
    await gateways.set(place, false)
    expect([posted, shown()]).toEqual([['open', 'close'], []])
    say()
    await start()
    expect(shown()).toEqual([])
  })

  it('counts the calls of a day', async () => {
    await gateways.set(place, true)
    say({ calls: 2 })
    say({ calls: 5 })
    expect(shown()[0]?.callsToday).toBe(7)
    clock.advance(24 * 60 * 60_000)
    expect(shown()[0]?.callsToday).toBe(0)
    say({ calls: 1 })
    expect(shown()[0]?.callsToday).toBe(1)
  })

  it('has a port of its own beside others', async () => {
    for (let workspace = 0; workspace < 30; workspace += 1)
      await gateways.set({ ...place, workspaceId: testUuid(100 + workspace) }, true)
    expect(new Set([...opened.values()].map(({ port }) => port)).size).toBe(30)
  })
})

describe('a gateway ends', () => {
  it('while the keychain is locked, and comes back with it', async () => {
    await gateways.set(place, true)
    state.set({ kind: 'locked', backend: 'Test' })
    expect(opened.size).toBe(0)
    expect(shown()[0]?.state).toMatchObject({ kind: 'blocked', code: 'keychain_locked' })
    state.set({ kind: 'works', backend: 'Test' })
    await turn()
    expect(opened.size).toBe(1)
  })

  it('with the session, and comes back with the next', async () => {
    await gateways.set(place, true)
    session = undefined
    gateways.sessionChanged('local')
    expect(opened.size).toBe(0)
    expect(shown()[0]?.state.kind).toBe('waiting')
    session = {}
    gateways.sessionChanged('local')
    await turn()
    expect(opened.size).toBe(1)
  })

  it('for good with its deployment', async () => {
    await gateways.set(place, true)
    isListed = false
    gateways.sessionChanged('local')
    expect([opened.size, shown()]).toEqual([0, []])
    await expect(gateways.set(place, true)).rejects.toMatchObject({ code: 'deployment_unknown' })
  })

  it('for good with its workspace', async () => {
    await gateways.set(place, true)
    say({ connection: { kind: 'failed', reason: 'The workspace is deleted.', isGone: true } })
    expect(shown()).toEqual([])
  })
})

describe('the bearer', () => {
  const bearer = () => opened.get(id)?.bearer
  const restart = async (): Promise<void> => {
    gateways.close()
    await settled()
    opened.clear()
    await start()
    await turn()
  }
  it.each<[string, () => unknown]>([
    [
      'was locked',
      () => {
        state.set({ kind: 'locked', backend: 'Test' })
        state.set({ kind: 'works', backend: 'Test' })
      },
    ],
    [
      'had no deployment to reach',
      () => {
        ending = 'unreachable'
        session = undefined
        gateways.sessionChanged('local')
        session = {}
        gateways.sessionChanged('local')
      },
    ],
    ['lost its forward', () => say({ connection: { kind: 'connecting' } })],
    ['waits', () => say({ connection: { kind: 'waiting', reason: 'The connection was cut.' } })],
    ['began anew with the app', restart],
  ])('stays after the gateway %s, and the same port is there again', async (_, happen) => {
    await gateways.set(place, true)
    say()
    const before = bearer()
    await happen()
    await turn()
    say()
    expect([bearer(), gateways.opened(place).bearer]).toEqual([before, before])
    expect(before).toMatch(/^[\w-]{43}$/)
  })

  const heal = () => say({ connection: { kind: 'waiting', reason: 'The connection was cut.' } })
  it.each<[string, () => unknown]>([
    ['got another port', () => say({ connection: { kind: 'open', port: 23_456 } })],
    [
      'got another port when it healed',
      () => {
        heal()
        say({ connection: { kind: 'open', port: 23_456 } })
      },
    ],
    [
      'found its port taken, though it gets it back',
      () => {
        heal()
        say({ connection: { kind: 'waiting', reason: 'Port 20000 is in use.' }, isPortTaken: true })
      },
    ],
    [
      'got another port after a start of the app',
      async () => {
        await restart()
        say({ connection: { kind: 'open', port: 23_456 } })
      },
    ],
    [
      'was signed out',
      async () => {
        session = undefined
        gateways.sessionChanged('local')
        await turn()
        session = {}
        gateways.sessionChanged('local')
      },
    ],
    [
      'was switched off and on',
      async () => {
        await gateways.set(place, false)
        await gateways.set(place, true)
      },
    ],
  ])('is another one after the gateway %s', async (_, happen) => {
    await gateways.set(place, true)
    say()
    const before = bearer()
    await happen()
    await turn()
    await turn()
    const after = bearer()
    expect(after).toMatch(/^[\w-]{43}$/)
    expect(after).not.toBe(before)
    expect(() => gateways.opened(place)).toThrow('not open yet')
    say()
    expect(gateways.opened(place).bearer).toBe(after)
    expect([...secrets.stored.values()]).toEqual([after])
  })

  it('stays while it tries to open for the first time, since nobody knows it yet', async () => {
    await gateways.set(place, true)
    const before = bearer()
    say({ connection: { kind: 'waiting', reason: 'Opens when the workspace runs.' }, isPortTaken: true })
    say({ connection: { kind: 'connecting' } })
    say({ connection: { kind: 'open', port: 23_456 } })
    expect([bearer(), posted]).toEqual([before, ['open']])
    expect(gateways.opened(place)).toMatchObject({ port: 23_456, bearer: before })
  })

  it.each<[string, () => unknown]>([
    ['is switched off', () => gateways.set(place, false)],
    [
      'is left with its deployment',
      () => {
        isListed = false
        gateways.sessionChanged('local')
      },
    ],
    [
      'is signed out of',
      () => {
        session = undefined
        gateways.sessionChanged('local')
      },
    ],
    [
      'is gone with its workspace',
      () => say({ connection: { kind: 'failed', reason: 'Gone.', isGone: true } }),
    ],
  ])('is in the keychain until the gateway %s', async (_, happen) => {
    await gateways.set(place, true)
    await turn()
    expect([...secrets.stored]).toEqual([
      [`deployment/local/header-gateway/ada/${place.serverId}/${place.workspaceId}`, bearer()],
    ])
    await happen()
    await turn()
    expect(secrets.stored.size).toBe(0)
  })

  it('that nobody can read keeps the gateway shut, and one that cannot be kept does not', async () => {
    keychain = { ...keychain, get: () => Promise.reject(new SecretsError('locked', 'It is locked.')) }
    gateways.close()
    await start()
    await gateways.set(place, true)
    expect([opened.size, shown()[0]?.state]).toMatchObject([0, { kind: 'blocked', code: 'keychain_locked' }])
    await gateways.set(place, false)
    keychain = {
      ...keychain,
      get: () => Promise.resolve(null),
      set: () => Promise.reject(new SecretsError('failed', 'No room.')),
    }
    gateways.close()
    await start()
    await gateways.set(place, true)
    await turn()
    expect(bearer()).toMatch(/^[\w-]{43}$/)
    expect(logger.lines.join('')).toContain('could not be changed in the keychain')
    expect(logger.lines.join('')).not.toContain(bearer())
  })
})

describe('another user of the deployment', () => {
  const become = async (next: string): Promise<void> => {
    userId = next
    session = {}
    gateways.sessionChanged('local')
    await turn()
  }

  it('sees no gateway, has none open, and none ends for who has it', async () => {
    await gateways.set(place, true)
    say()
    await become('grace')
    expect([opened.size, shown(), gateways.places()]).toEqual([0, [], []])
    say({ connection: { kind: 'failed', reason: 'There is no such workspace.', isGone: true } })
    await become('ada')
    expect([opened.has(id), shown().length]).toEqual([true, 1])
  })

  it('has a gateway of their own for the same workspace, also after a restart', async () => {
    await gateways.set(place, true)
    await become('grace')
    await gateways.set(place, true)
    const port = [...opened.values()][0]?.port
    await gateways.set(place, false)
    gateways.close()
    await settled()
    userId = 'ada'
    opened.clear()
    await start()
    expect([...opened.keys()]).toEqual([id])
    expect(opened.get(id)?.port).not.toBe(port)
  })
})

describe('what the bridge would refuse', () => {
  it.each([
    ['long values', { headers: { 'X-Key': 'a'.repeat(65 * 1024) } }, /64 KiB/],
    ['a long slug', { config: { ...config, slug: 'a'.repeat(201) } }, /administrator has to shorten/],
    ['another kind of address', { url: 'ftp://mcp.example.test/' }, /https:\/\//],
    ['a line break', { headers: { 'X-Key': 'a\nb' } }, /line break/],
  ])('is blocked with the reason: %s', async (_, change, words) => {
    const before = await target()
    target = async () => ({ ...before, ...change })
    await gateways.set(place, true)
    expect(posted).toEqual([])
    expect(shown()[0]?.state).toEqual({
      kind: 'blocked',
      code: 'target_unusable',
      reason: expect.stringMatching(words) as string,
    })
  })
})

describe('what a server needs', () => {
  it('that is missing is told, and opens it once it is there', async () => {
    const there = target
    target = () => Promise.reject(new ProcedureError('values_missing', 'Obs needs your value for X-Key.'))
    await gateways.set(place, true)
    expect(opened.size).toBe(0)
    expect(shown()[0]?.state).toEqual({
      kind: 'blocked',
      code: 'values_missing',
      reason: 'Obs needs your value for X-Key.',
    })
    target = there
    gateways.targetsChanged(place.deploymentId, place.serverId)
    await turn()
    expect(opened.size).toBe(1)
  })

  it('and moved closes it until the user allows the new address, which is told', async () => {
    await gateways.set(place, true)
    const details = { to: 'https://evil.example.test/mcp' }
    target = () => Promise.reject(new ProcedureError('address_changed', 'Obs moved.', { details }))
    gateways.targetsChanged()
    await turn()
    expect(opened.size).toBe(0)
    expect(shown()[0]?.state).toEqual({
      kind: 'blocked',
      code: 'address_changed',
      reason: 'Obs moved.',
      address: details.to,
    })
  })

  it('opens it anew when it changed, and only then', async () => {
    await gateways.set(place, true)
    const bearer = opened.get(id)?.bearer
    gateways.targetsChanged()
    await turn()
    expect(posted).toEqual(['open'])
    const before = await target()
    target = async () => ({ ...before, headers: { 'X-Key': 'another' } })
    gateways.targetsChanged()
    await turn()
    expect(posted).toEqual(['open', 'open'])
    expect(opened.get(id)).toMatchObject({ bearer, target: { headers: { 'X-Key': 'another' } } })
  })

  it('and is out of reach leaves what is open', async () => {
    await gateways.set(place, true)
    target = () => Promise.reject(new ProcedureError('unreachable', 'It is away.'))
    gateways.targetsChanged()
    await turn()
    expect(opened.size).toBe(1)
  })

  it('that comes late does not open what is switched off meanwhile', async () => {
    let answer: (value: McpTarget) => void = () => undefined
    const value = await target()
    target = () => new Promise((resolve) => (answer = resolve))
    const on = gateways.set(place, true)
    await turn()
    await gateways.set(place, false)
    answer(value)
    await on
    expect(opened.size).toBe(0)
  })

  it('is never logged', async () => {
    target = () => Promise.reject(new Error(`Cookie: ${secret}`))
    await gateways.set(place, true)
    expect(shown()[0]?.state.kind).toBe('failed')
    expect(logger.lines.join('')).not.toContain(secret)
  })
})

describe('the configuration', () => {
  it('is copied by main, once the gateway is open', async () => {
    const desktop = createFakeDesktop()
    const handlers = createHeaderGatewayHandlers({ gateways, desktop, onPlacesChanged: () => undefined })
    const copy = async (format: 'mcp_json' | 'environment'): Promise<string> => {
      await handlers.copyConfig({ ...place, format }, { signal: new AbortController().signal } as never)
      return desktop.clipboard
    }
    await gateways.set(place, true)
    await expect(copy('mcp_json')).rejects.toMatchObject({ code: 'not_open' })
    say({ connection: { kind: 'open', port: 21_000 } })
    const { bearer } = opened.get(id) ?? {}
    expect(JSON.parse(await copy('mcp_json'))).toEqual({
      mcpServers: {
        obs: {
          type: 'http',
          url: 'http://127.0.0.1:21000/mcp',
          headers: { Authorization: `Bearer ${bearer ?? ''}` },
        },
      },
    })
    expect(await copy('environment')).toBe(
      `export MCP_OBS_URL=http://127.0.0.1:21000/mcp\nexport MCP_OBS_BEARER=${bearer ?? ''}\n`,
    )
    expect(desktop.clipboard).not.toContain(secret)
  })
})
