import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { testUuid } from '../../testing/builders.ts'
import { createFakeDesktop } from '../../testing/fake-ports.ts'
import {
  gatewayConfig,
  gatewayGroundForEach,
  gatewayId,
  gatewayPlace,
  gatewaySecret,
  type GatewayGround,
} from '../../testing/gateway-ground.ts'
import type { McpTarget } from '../mcp-servers/mcp-target.ts'
import { createHeaderGatewayHandlers } from './header-gateway-handlers.ts'

let on: GatewayGround
const ground = gatewayGroundForEach()
beforeEach(() => {
  on = ground()
})

describe('a gateway', () => {
  it('is not opened with values that no request carries, and is once they are smaller', async () => {
    const normal = on.target
    on.target = async () => ({
      ...(await normal()),
      headers: { 'X-Key': gatewaySecret.padEnd(256 * 1024, 'x') },
    })
    await on.gateways.set(gatewayPlace, true)
    await on.turn()
    expect(on.shown()).toMatchObject([
      {
        state: {
          kind: 'blocked',
          code: 'target_unusable',
          reason: expect.stringContaining('there is room for 64 KiB') as string,
        },
      },
    ])
    expect(on.opened.size).toBe(0)
    on.target = normal
    on.gateways.targetsChanged(gatewayPlace.deploymentId, gatewayPlace.serverId)
    await on.turn()
    expect(on.opened.size).toBe(1)
  })

  it('is opened with what the server needs, and shows what the bridge says', async () => {
    await on.gateways.set(gatewayPlace, true)
    expect(on.opened.get(gatewayId)).toEqual({
      gatewayId,
      deploymentId: 'local',
      workspaceId: gatewayPlace.workspaceId,
      name: 'obs',
      target: {
        url: 'https://mcp.example.test/',
        transport: 'streamable_http',
        headers: { 'X-Key': gatewaySecret },
      },
      bearer: expect.stringMatching(/^[\w-]{43}$/) as string,
      port: expect.any(Number) as number,
    })
    const port = on.opened.get(gatewayId)?.port ?? 0
    expect(port).toBeGreaterThanOrEqual(20_000)
    expect(port).toBeLessThan(29_000)
    expect(on.shown()[0]?.state).toEqual({ kind: 'connecting' })
    const problem = { message: 'The MCP server refused the header values (401).', status: 401 }
    on.say({ problem, configProblem: 'No room.' })
    expect(on.shown()).toEqual([
      {
        workspaceId: gatewayPlace.workspaceId,
        state: { kind: 'open', address: `127.0.0.1:${String(port)}/mcp` },
        callsToday: 0,
        problem,
        configProblem: 'No room.',
      },
    ])
  })

  it('is there again after a restart on its port, with its bearer, and its file holds no secret', async () => {
    await on.gateways.set(gatewayPlace, true)
    const before = on.opened.get(gatewayId)
    on.say({ connection: { kind: 'open', port: 23_456 }, calls: 3 })
    on.gateways.close()
    await on.settled()
    const text = await readFile(join(on.folder, 'header-gateways.json'), 'utf8')
    expect(text).not.toContain(gatewaySecret)
    expect(text).not.toContain(before?.bearer)
    await on.start()
    expect(on.opened.get(gatewayId)).toMatchObject({
      port: 23_456,
      target: { headers: { 'X-Key': gatewaySecret } },
    })
    expect(on.opened.get(gatewayId)?.bearer).toBe(before?.bearer)
    expect([...on.secrets.stored.values()]).toEqual([before?.bearer])
    expect(on.shown()[0]?.callsToday).toBe(3)
  })

  it('is off at once and for good when it is switched off', async () => {
    await on.gateways.set(gatewayPlace, true)
    await on.gateways.set(gatewayPlace, false)
    expect([on.posted, on.shown()]).toEqual([['open', 'close'], []])
    on.say()
    await on.start()
    expect(on.shown()).toEqual([])
  })

  it('counts the calls of a day', async () => {
    await on.gateways.set(gatewayPlace, true)
    on.say({ calls: 2 })
    on.say({ calls: 5 })
    expect(on.shown()[0]?.callsToday).toBe(7)
    on.clock.advance(24 * 60 * 60_000)
    expect(on.shown()[0]?.callsToday).toBe(0)
    on.say({ calls: 1 })
    expect(on.shown()[0]?.callsToday).toBe(1)
  })

  it('has a port of its own beside others', async () => {
    for (let workspace = 0; workspace < 30; workspace += 1)
      await on.gateways.set({ ...gatewayPlace, workspaceId: testUuid(100 + workspace) }, true)
    expect(new Set([...on.opened.values()].map(({ port }) => port)).size).toBe(30)
  })
})

describe('a gateway ends', () => {
  it('while the keychain is locked, and comes back with it', async () => {
    await on.gateways.set(gatewayPlace, true)
    on.keychainState.set({ kind: 'locked', backend: 'Test' })
    expect(on.opened.size).toBe(0)
    expect(on.shown()[0]?.state).toMatchObject({ kind: 'blocked', code: 'keychain_locked' })
    on.keychainState.set({ kind: 'works', backend: 'Test' })
    await on.turn()
    expect(on.opened.size).toBe(1)
  })

  it('with the session, and comes back with the next', async () => {
    await on.gateways.set(gatewayPlace, true)
    on.session = undefined
    on.gateways.sessionChanged('local')
    expect(on.opened.size).toBe(0)
    expect(on.shown()[0]?.state.kind).toBe('waiting')
    on.session = {}
    on.gateways.sessionChanged('local')
    await on.turn()
    expect(on.opened.size).toBe(1)
  })

  it('for good with its deployment', async () => {
    await on.gateways.set(gatewayPlace, true)
    on.isListed = false
    on.gateways.sessionChanged('local')
    expect([on.opened.size, on.shown()]).toEqual([0, []])
    await expect(on.gateways.set(gatewayPlace, true)).rejects.toMatchObject({ code: 'deployment_unknown' })
  })

  it('for good with its workspace', async () => {
    await on.gateways.set(gatewayPlace, true)
    on.say({ connection: { kind: 'failed', reason: 'The workspace is deleted.', isGone: true } })
    expect(on.shown()).toEqual([])
  })
})

describe('what the bridge would refuse', () => {
  it.each([
    ['long values', { headers: { 'X-Key': 'a'.repeat(65 * 1024) } }, /64 KiB/],
    ['a long slug', { config: { ...gatewayConfig, slug: 'a'.repeat(201) } }, /administrator has to shorten/],
    ['another kind of address', { url: 'ftp://mcp.example.test/' }, /https:\/\//],
    ['a line break', { headers: { 'X-Key': 'a\nb' } }, /line break/],
  ])('is blocked with the reason: %s', async (_, change, words) => {
    const before = await on.target()
    on.target = async () => ({ ...before, ...change })
    await on.gateways.set(gatewayPlace, true)
    expect(on.posted).toEqual([])
    expect(on.shown()[0]?.state).toEqual({
      kind: 'blocked',
      code: 'target_unusable',
      reason: expect.stringMatching(words) as string,
    })
  })
})

describe('what a server needs', () => {
  it('that is missing is told, and opens it once it is there', async () => {
    const there = on.target
    on.target = () => Promise.reject(new ProcedureError('values_missing', 'Obs needs your value for X-Key.'))
    await on.gateways.set(gatewayPlace, true)
    expect(on.opened.size).toBe(0)
    expect(on.shown()[0]?.state).toEqual({
      kind: 'blocked',
      code: 'values_missing',
      reason: 'Obs needs your value for X-Key.',
    })
    on.target = there
    on.gateways.targetsChanged(gatewayPlace.deploymentId, gatewayPlace.serverId)
    await on.turn()
    expect(on.opened.size).toBe(1)
  })

  it('and moved closes it until the user allows the new address, which is told', async () => {
    await on.gateways.set(gatewayPlace, true)
    const details = { to: 'https://evil.example.test/mcp' }
    on.target = () => Promise.reject(new ProcedureError('address_changed', 'Obs moved.', { details }))
    on.gateways.targetsChanged()
    await on.turn()
    expect(on.opened.size).toBe(0)
    expect(on.shown()[0]?.state).toEqual({
      kind: 'blocked',
      code: 'address_changed',
      reason: 'Obs moved.',
      address: details.to,
    })
  })

  it('opens it anew when it changed, and only then', async () => {
    await on.gateways.set(gatewayPlace, true)
    const bearer = on.opened.get(gatewayId)?.bearer
    on.gateways.targetsChanged()
    await on.turn()
    expect(on.posted).toEqual(['open'])
    const before = await on.target()
    on.target = async () => ({ ...before, headers: { 'X-Key': 'another' } })
    on.gateways.targetsChanged()
    await on.turn()
    expect(on.posted).toEqual(['open', 'open'])
    expect(on.opened.get(gatewayId)).toMatchObject({ bearer, target: { headers: { 'X-Key': 'another' } } })
  })

  it('and is out of reach leaves what is open', async () => {
    await on.gateways.set(gatewayPlace, true)
    on.target = () => Promise.reject(new ProcedureError('unreachable', 'It is away.'))
    on.gateways.targetsChanged()
    await on.turn()
    expect(on.opened.size).toBe(1)
  })

  it('that comes late does not open what is switched off meanwhile', async () => {
    let answer: (value: McpTarget) => void = () => undefined
    const value = await on.target()
    on.target = () => new Promise((resolve) => (answer = resolve))
    const switched = on.gateways.set(gatewayPlace, true)
    await on.turn()
    await on.gateways.set(gatewayPlace, false)
    answer(value)
    await switched
    expect(on.opened.size).toBe(0)
  })

  it('is never logged', async () => {
    on.target = () => Promise.reject(new Error(`Cookie: ${gatewaySecret}`))
    await on.gateways.set(gatewayPlace, true)
    expect(on.shown()[0]?.state.kind).toBe('failed')
    expect(on.logger.lines.join('')).not.toContain(gatewaySecret)
  })
})

describe('the configuration', () => {
  it('is copied by main, once the gateway is open', async () => {
    const desktop = createFakeDesktop()
    const handlers = createHeaderGatewayHandlers({
      gateways: on.gateways,
      desktop,
      onPlacesChanged: () => undefined,
    })
    const copy = async (format: 'mcp_json' | 'environment'): Promise<string> => {
      await handlers.copyConfig({ ...gatewayPlace, format }, {
        signal: new AbortController().signal,
      } as never)
      return desktop.clipboard
    }
    await on.gateways.set(gatewayPlace, true)
    await expect(copy('mcp_json')).rejects.toMatchObject({ code: 'not_open' })
    on.say({ connection: { kind: 'open', port: 21_000 } })
    const { bearer } = on.opened.get(gatewayId) ?? {}
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
    expect(desktop.clipboard).not.toContain(gatewaySecret)
  })
})
