import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { BridgeToMain } from '../contract/bridge-port.ts'
import { systemClock } from '../lib/clock.ts'
import { silentLogger } from '../lib/logger.ts'
import { createBridgeParent } from '../testing/bridge-parent.ts'
import { listen, startMcpServer } from '../testing/mcp-server.ts'
import { createBridge, type Bridge } from './bridge.ts'

let bridge: Bridge
let say: (message: unknown) => void
let told: BridgeToMain[]

beforeEach(() => {
  told = []
  const parent = createBridgeParent((message) => told.push(message))
  say = parent.say
  bridge = createBridge({
    parent: parent.port,
    clock: systemClock,
    logger: silentLogger,
    environment: {},
    onShutdown: () => undefined,
  })
})
afterEach(() => bridge.close())

const until = (check: () => boolean) => vi.waitUntil(check, { interval: 5 })

describe('a test of an MCP server', () => {
  const requestId = '7c0d5a3e-1f57-4a57-8a53-3c2a4d1b0f10'
  const ask = (url: string) => {
    say({
      type: 'test-mcp',
      requestId,
      url,
      transport: 'streamable_http',
      headers: { 'X-Key': 'seeded-secret' },
    })
  }

  it('is answered with its result', async () => {
    const mcp = await startMcpServer([{ name: 'query' }])
    ask(`${mcp.url}/mcp`)
    await until(() => told.some(({ type }) => type === 'mcp-tested'))
    await mcp.close()
    expect(told.at(-1)).toMatchObject({
      type: 'mcp-tested',
      requestId,
      result: { ok: true, tools: [{ name: 'query' }] },
    })
  })

  it('whose address holds credentials is answered in words, with nothing asked', async () => {
    ask('https://a%zz@evil.example/mcp')
    await until(() => told.some(({ type }) => type === 'mcp-tested'))
    expect(told.find(({ type }) => type === 'mcp-tested')).toMatchObject({
      result: { ok: false, message: expect.stringContaining('user name or a password') as unknown },
    })
  })

  it('that is cancelled gives up its connection and has no result', async () => {
    const mcp = await listen(() => undefined)
    ask(mcp.url)
    await until(() => mcp.requests.length > 0)
    const gone = new Promise((resolve) => mcp.requests[0]?.once('close', resolve))
    say({ type: 'cancel-mcp-test', requestId })
    await gone
    await mcp.close()
    expect(told.filter(({ type }) => type === 'mcp-tested')).toEqual([])
  })
})
