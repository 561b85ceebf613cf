import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCoderClient } from '../../client/coder-client.ts'
import type { GatewayConnection, GatewayState, OpenGateway } from '../../contract/header-gateway.ts'
import { silentLogger } from '../../lib/logger.ts'
import { createWebSocketTransport } from '../../transport/workspace-transport.ts'
import { createFakeClock, type FakeClock } from '../../testing/fake-clock.ts'
import { runningWorkspace, startSshWorkspace, type SshWorkspace } from '../../testing/ssh-workspace.ts'
import { sampleId } from '../../testing/wire-samples.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { createHeaderGateways, type HeaderGateways } from './header-gateways.ts'

const port = 21_000
const request: OpenGateway = {
  type: 'open-gateway',
  gatewayId: 'one',
  deploymentId: 'local',
  workspaceId: sampleId,
  name: 'obs',
  target: {
    url: 'http://127.0.0.1:1/mcp',
    transport: 'streamable_http',
    headers: { 'X-Key': 'secret-value' },
  },
  bearer: 'a'.repeat(43),
  port,
}

let workspace: SshWorkspace
let clock: FakeClock
let gateways: HeaderGateways
let states: GatewayState[]
let signedOut: string[]
let isSignedIn: boolean
let isBroken: boolean

beforeEach(async () => {
  workspace = await startSshWorkspace()
  clock = createFakeClock()
  states = []
  signedOut = []
  isSignedIn = true
  isBroken = false
  const token = 'abcdefghij-0123456789012345678901'
  const access = {
    url: workspace.url,
    token,
    client: createCoderClient({ baseUrl: workspace.url, token, retries: 0 }),
    transport: createWebSocketTransport({ url: workspace.url, token }),
  }
  gateways = createHeaderGateways({
    accessOf: () => {
      if (isBroken) throw new Error('Broken with secret-value.')
      return isSignedIn ? access : undefined
    },
    clock,
    logger: silentLogger,
    onState: (state) => states.push(state),
    onSignedOut: (deploymentId) => signedOut.push(deploymentId),
  })
})
afterEach(async () => {
  // Nobody answers the question for the file in this workspace.
  const ended = gateways.closeAll()
  clock.advance(5000)
  await ended
  await workspace.close()
})

const last = (): GatewayConnection | undefined => states.at(-1)?.connection
/** Time goes on as long as something is waited for, so reports and attempts come. */
const until = (what: string, check: () => boolean): Promise<true> =>
  waitFor(what, () => {
    if (check()) return true
    clock.advance(500)
    return undefined
  })
const isOpenOn = (wanted: number) => (): boolean => {
  const state = last()
  return state?.kind === 'open' && state.port === wanted
}
const cut = (): void => {
  for (const { stream } of [...workspace.connections]) stream.destroy()
}

describe('a gateway', () => {
  it('is open once the workspace listens', async () => {
    gateways.open(request)
    await until('it is open', isOpenOn(port))
    expect(states[0]?.connection.kind).toBe('connecting')
    expect(workspace.asked).toEqual([port])
  })

  it('comes back on the same port after its connection was cut, saying so meanwhile', async () => {
    gateways.open(request)
    await until('it is open', isOpenOn(port))
    cut()
    await until('it says so', () => last()?.kind === 'waiting')
    expect(last()).toEqual({ kind: 'waiting', reason: 'The connection to the workspace was lost.' })
    await until('it is open again', isOpenOn(port))
    expect(workspace.asked).toEqual([port, port])
    expect(states.some(({ isPortTaken }) => isPortTaken)).toBe(false)
  })

  it('asks for its port again while the old connection still holds it, before it takes another', async () => {
    gateways.open(request)
    await until('it is open', isOpenOn(port))
    workspace.taken.add(port)
    cut()
    await until('it asked a few times', () => workspace.asked.length >= 4)
    expect(new Set(workspace.asked)).toEqual(new Set([port]))
    workspace.taken.delete(port)
    await until('it has it back', isOpenOn(port))
    expect(states.some(({ isPortTaken }) => isPortTaken)).toBe(true)
    // The report of the opening may carry the last refusal with it; a break after which nobody refused does not.
    const told = states.length
    cut()
    await until('it says that it was cut', () => states.length > told)
    await until('it is open again', isOpenOn(port))
    expect(states.slice(told).some(({ isPortTaken }) => isPortTaken)).toBe(false)
    workspace.taken.add(port)
    cut()
    await until('it takes another one in the end', isOpenOn(port + 1))
  })

  it('takes the next free port at first, and any where none is near', async () => {
    for (let near = 0; near < 8; near += 1) workspace.taken.add(port + near)
    gateways.open(request)
    await until('it is open', isOpenOn(40_000))
  })

  it.each([
    ['is stopped', runningWorkspace('disconnected', 'stopped'), 'Opens when the workspace runs.'],
    ['is starting', runningWorkspace('connecting'), 'Opens when the agent is ready.'],
  ])('waits while the workspace %s, and opens when asked to look', async (_, answer, reason) => {
    workspace.workspace = answer
    gateways.open(request)
    await until('it waits', () => last()?.kind === 'waiting')
    expect(last()).toEqual({ kind: 'waiting', reason })
    const before = workspace.attempts()
    await until('it asks again', () => workspace.attempts() > before + 2)
    expect(states.filter(({ connection }) => connection.kind === 'connecting')).toHaveLength(1)
    workspace.workspace = runningWorkspace()
    gateways.retry('one')
    await until('it is open', isOpenOn(port))
  })

  it('gives up where nothing would change, and tells who is signed out', async () => {
    workspace.workspace = { status: 401, body: { message: 'Signed out.' } }
    gateways.open(request)
    await until('it gave up', () => last()?.kind === 'failed')
    expect(signedOut).toEqual(['local'])
    expect(clock.pending).toBeLessThanOrEqual(1)
  })

  it('notices a connection that died while the machine slept', async () => {
    gateways.open(request)
    await until('it is open', isOpenOn(port))
    const dead = workspace.connections[0]
    if (dead !== undefined) dead.isDeaf = true
    dead?.ssh.removeAllListeners('session')
    dead?.stream.pause()
    gateways.wake()
    clock.advance(8000)
    await until('it is open anew', () => workspace.asked.length === 2 && last()?.kind === 'open')
  })

  it('is not opened without a session, and is with one', async () => {
    isSignedIn = false
    gateways.open(request)
    expect(last()).toEqual({ kind: 'failed', reason: 'This deployment is not signed in.', isGone: false })
    isSignedIn = true
    gateways.deploymentChanged('local')
    await until('it is open', isOpenOn(port))
  })

  it('is not opened for an address with credentials, and says what to do', () => {
    gateways.open({ ...request, target: { ...request.target, url: 'https://a%zz@evil.example/mcp' } })
    expect(last()).toEqual({
      kind: 'failed',
      reason:
        "The server's address holds a user name or a password. Take them out of it and send them as a header.",
      isGone: false,
    })
    expect(workspace.attempts()).toBe(0)
  })

  it('that cannot be started fails alone', async () => {
    isBroken = true
    gateways.open({ ...request, gatewayId: 'broken' })
    expect(states).toMatchObject([{ gatewayId: 'broken', connection: { kind: 'failed' } }])
    expect(JSON.stringify(states)).not.toContain('secret-value')
    isBroken = false
    gateways.open(request)
    await until('it is open', isOpenOn(port))
  })

  it('ends when its deployment goes, and when it is closed', async () => {
    gateways.open(request)
    await until('it is open', isOpenOn(port))
    isSignedIn = false
    gateways.deploymentChanged('local')
    await until('the connection is gone', () => workspace.connections.length === 0)
    expect(last()?.kind).toBe('failed')
    gateways.close('one')
    gateways.retry('one')
    expect(workspace.asked).toEqual([port])
  })

  it('tells its state at most once a second', async () => {
    gateways.open(request)
    await until('it is open', isOpenOn(port))
    const told = states.length
    for (let round = 0; round < 5; round += 1) cut()
    expect(states.length - told).toBeLessThanOrEqual(1)
  })
})
