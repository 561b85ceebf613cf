import type { KeptTransfer } from '#bridge/contract/file-transfers'
import { describe, expect, it } from 'vitest'
import { createFakeProcessHost, createFakeWindows, type FakeProcess } from '../../testing/fake-ports.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createRecordingLogger } from '../../testing/recording-logger.ts'
import type { GatewayState } from '#bridge/contract/header-gateway'
import type { OpenTunnel, TunnelState } from '#bridge/contract/tunnels'
import { createBridge } from './bridge.ts'

const session = { url: 'https://coder.example.test', token: 'Remoteuser-0123456789abcdefghijkl' }

const cli = { folder: '/data/cli/d', signature: 'deployment' } as const

function open() {
  const host = createFakeProcessHost()
  const windows = createFakeWindows()
  const clock = createManualClock()
  const logger = createRecordingLogger()
  const signedOut: string[] = []
  const gatewayStates: GatewayState[] = []
  const cliStates: unknown[] = []
  const kept: KeptTransfer[] = []
  const tunnelStates: TunnelState[] = []
  const bridge = createBridge({
    processHost: host,
    windows,
    onSignedOut: (id) => void signedOut.push(id),
    onGatewayState: (state) => void gatewayStates.push(state),
    cliPlace: () => cli,
    onCliState: (deploymentId, state) => void cliStates.push([deploymentId, state]),
    transfers: { kept: () => kept, keep: (transfers) => void kept.splice(0, kept.length, ...transfers) },
    onTunnelState: (state) => void tunnelStates.push(state),
    connectionLog: { report: () => undefined },
    onWorkspaceLink: () => undefined,
    clock,
    random: () => 0.5,
    logger,
  })
  const last = () => host.started.at(-1) as FakeProcess
  return { host, windows, clock, logger, bridge, last, signedOut, gatewayStates, cliStates, tunnelStates }
}

describe('the bridge', () => {
  it('runs once it says so', () => {
    const { bridge, last } = open()
    bridge.start()
    last().say({ type: 'ready', pid: 3 })
    expect(bridge.state.get()).toEqual({ kind: 'running' })
  })

  it('learns of sessions that come and go', () => {
    const { bridge, last } = open()
    bridge.start()
    bridge.setSession('d', session)
    bridge.setSession('d', undefined)
    expect(last().posted).toEqual([
      { type: 'set-deployment', deploymentId: 'd', ...session, cli },
      { type: 'remove-deployment', deploymentId: 'd' },
    ])
  })

  it('gives a window that asks its port', () => {
    const { bridge, windows, last } = open()
    bridge.start()
    windows.requestBridgePort(1)
    expect(last().posted).toEqual([{ type: 'attach-window', windowId: 1 }])
    expect(last().transferred).toHaveLength(1)
  })

  it('binds the port of a window of a desktop to that desktop, also in a new process', () => {
    const { bridge, windows, last, clock } = open()
    const only = { deploymentId: 'd', chatId: '5a4f9a52-4a3e-4b6f-8f55-54f2b9d9c001' }
    const bound = [{ type: 'attach-window', windowId: 4, only }]
    bridge.start()
    windows.requestBridgePort(4, { kind: 'desktop', ...only })
    expect(last().posted).toEqual(bound)
    last().exit(1)
    clock.advance(1000)
    expect(last().posted).toEqual(bound)
  })

  it('tells a new process all sessions and gives every window a new port', () => {
    const { bridge, windows, last, clock } = open()
    bridge.start()
    bridge.setSession('d', session)
    windows.requestBridgePort(1)
    windows.requestBridgePort(2)
    windows.gone.add(2)
    last().exit(1)
    clock.advance(1000)
    expect(last().posted).toEqual([
      { type: 'set-deployment', deploymentId: 'd', ...session, cli },
      { type: 'attach-window', windowId: 1 },
    ])
    last().exit(1)
    windows.gone.clear()
    clock.advance(2000)
    expect(last().posted).toHaveLength(2)
  })

  it('passes on that a deployment refused its token, and what it logs, without the token', () => {
    const { bridge, last, signedOut, logger } = open()
    bridge.start()
    bridge.setSession('d', session)
    last().say({ type: 'signed-out', deploymentId: 'd' })
    last().say({ type: 'log', level: 'warn', message: `Handshake with ${session.token} failed` })
    last().say({ type: 'rm -rf' })
    expect(signedOut).toEqual(['d'])
    expect(logger.lines.join('')).toContain('Handshake with [redacted] failed')
    expect(logger.lines.join('')).not.toContain(session.token)
  })

  it('refuses in words what the process would drop without a word', async () => {
    const { bridge, last } = open()
    bridge.start()
    const { length } = last().posted
    const request = { url: 'ftp://mcp.example.com/', transport: 'sse', headers: {} } as const
    await expect(bridge.testMcp(request, new AbortController().signal)).rejects.toMatchObject({
      code: 'target_unusable',
      message: expect.stringContaining('https://') as string,
    })
    expect(last().posted).toHaveLength(length)
  })

  it('is asked to try MCP servers, and passes the answers on', async () => {
    const { bridge, last, clock } = open()
    const request = { url: 'https://mcp.example.com/', transport: 'sse', headers: { 'X-Key': 'a' } } as const
    await expect(bridge.testMcp(request, new AbortController().signal)).rejects.toMatchObject({
      code: 'bridge_down',
    })
    bridge.start()
    const idOf = () => (last().posted.at(-1) as { requestId: string }).requestId
    const answered = bridge.testMcp(request, new AbortController().signal)
    expect(last().posted.at(-1)).toEqual({ type: 'test-mcp', requestId: idOf(), ...request })
    const result = { ok: false, kind: 'dns', status: null, message: 'No such name.', detail: '' }
    last().say({ type: 'mcp-tested', requestId: idOf(), result })
    expect(await answered).toEqual(result)

    const controller = new AbortController()
    const cancelled = bridge.testMcp(request, controller.signal)
    const requestId = idOf()
    controller.abort()
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
    expect(last().posted.at(-1)).toEqual({ type: 'cancel-mcp-test', requestId })

    const lost = bridge.testMcp(request, new AbortController().signal)
    last().exit(1)
    await expect(lost).rejects.toMatchObject({ code: 'bridge_down' })
    clock.advance(1000)
    expect(JSON.stringify(last().posted)).not.toContain('X-Key')
  })

  it('keeps tunnels open over a crash, on the port they were given, until they are closed', () => {
    const { bridge, last, clock, tunnelStates } = open()
    const tunnelId = '00000000-0000-4000-8000-000000000007'
    const request: Omit<OpenTunnel, 'type'> = {
      tunnelId,
      deploymentId: 'd',
      workspaceId: '00000000-0000-4000-8000-000000000001',
      agentName: null,
      kind: 'dynamic',
      listen: { kind: 'tcp', host: '127.0.0.1', port: 0 },
      anyPort: true,
      target: null,
      certificate: null,
    }
    bridge.openTunnel(request)
    bridge.start()
    const state: TunnelState = {
      type: 'tunnel-state',
      tunnelId,
      connection: { kind: 'open' },
      listening: { ...request.listen, port: 41_080 } as never,
      traffic: { openConnections: 1, connections: 1, bytesUp: 2, bytesDown: 3, errors: 0 },
      lastError: null,
    }
    last().say(state)
    last().exit(1)
    expect(tunnelStates).toEqual([state, expect.objectContaining({ connection: { kind: 'connecting' } })])
    clock.advance(1000)
    expect(last().posted).toEqual([{ type: 'open-tunnel', ...request, listen: state.listening }])
    bridge.retryTunnel(tunnelId)
    bridge.closeTunnel(tunnelId)
    last().say(state)
    expect(last().posted.slice(1)).toEqual([
      { type: 'retry-tunnel', tunnelId },
      { type: 'close-tunnel', tunnelId },
    ])
    expect(tunnelStates).toHaveLength(2)
  })

  it('keeps gateways open over a crash, until they are closed, and never logs their values', () => {
    const { bridge, last, clock, gatewayStates, logger } = open()
    const request = {
      gatewayId: 'g',
      deploymentId: 'd',
      workspaceId: '00000000-0000-4000-8000-000000000001',
      name: 'obs',
      target: { url: 'https://mcp.example.test/', transport: 'sse', headers: { 'X-Key': 'seeded-value' } },
      bearer: 'a'.repeat(43),
      port: 21_000,
    } as const
    bridge.openGateway(request)
    bridge.start()
    expect(last().posted).toEqual([{ type: 'open-gateway', ...request }])
    const state = {
      type: 'gateway-state',
      gatewayId: 'g',
      connection: { kind: 'open', port: 21_000 },
      calls: 2,
      problem: null,
      configProblem: null,
      isPortTaken: false,
    }
    last().say(state)
    last().say({ ...state, connection: { kind: 'open', port: '21000' } })
    expect(gatewayStates).toEqual([state])
    last().exit(1)
    expect(gatewayStates.at(-1)?.connection).toEqual({ kind: 'connecting' })
    clock.advance(1000)
    expect(last().posted).toEqual([{ type: 'open-gateway', ...request }])
    bridge.retryGateway('g')
    bridge.closeGateway('g')
    bridge.closeGateway('g')
    expect(last().posted.slice(1)).toEqual([
      { type: 'retry-gateway', gatewayId: 'g' },
      { type: 'close-gateway', gatewayId: 'g' },
    ])
    last().say(state)
    expect(gatewayStates).toHaveLength(2)
    last().exit(1)
    clock.advance(5000)
    expect(last().posted).toEqual([])
    expect(logger.lines.join('')).not.toContain('seeded-value')
  })

  it('passes on how it is with the command line of a deployment that is there', () => {
    const { bridge, last, cliStates } = open()
    bridge.start()
    const state = { kind: 'downloading', received: 1, total: null }
    last().say({ type: 'cli-state', deploymentId: 'd', state })
    expect(cliStates).toEqual([])
    bridge.setSession('d', session)
    last().say({ type: 'cli-state', deploymentId: 'd', state })
    expect(cliStates).toEqual([['d', state]])
  })

  it('ends when the app ends', async () => {
    const { bridge, last, windows, clock } = open()
    bridge.start()
    const closed = bridge.close()
    expect(last().posted).toEqual([{ type: 'shutdown' }])
    last().exit(0)
    await closed
    windows.requestBridgePort(1)
    expect(last().posted).toHaveLength(1)
    expect(clock.pending).toBe(0)
  })
})
