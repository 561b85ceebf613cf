/**
 * Connections that heal: terminals and tunnels over a network that fails, and over servers and agents that are killed.
 * After each round every terminal has its scrollback and takes what is typed, and every tunnel has its port.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, expect, it } from 'vitest'
import { createCoderClient, type CoderClient } from '../../client/coder-client.ts'
import { usersRoutes } from '../../contract/users.ts'
import type { TunnelEnd, TunnelKind } from '../../contract/tunnels.ts'
import { exchange, freePort, startEcho, type EchoServer } from '../echo-server.ts'
import { networkFaults, startFaultProxy, type FaultProxy } from '../fault-proxy.ts'
import { createSeededRandom } from '../seeded-random.ts'
import { startStandalone, type StandaloneServer } from '../standalone-server.ts'
import { waitFor } from '../wait-for.ts'
import { createRunningWorkspace, createTemplate, waitForAgent } from '../workspace-actions.ts'
import { createBridgeUser, type BridgeUser } from './bridge-user.ts'
import { markedProcesses } from './marked-processes.ts'

const FULL = process.env['SOAK'] === 'full'
const ROUNDS = FULL ? 100 : 2
const TERMINALS = FULL ? 10 : 2
const TUNNELS = FULL ? 20 : 4
const SEED = Number(process.env['SOAK_SEED'] ?? (FULL ? Date.now() % 1_000_000 : 20_262))
const MAX_FAULT_MS = FULL ? 4_000 : 400
/** A dead peer is noticed after three unanswered questions of ten seconds, and the next try waits up to half a minute. */
const PATIENCE_MS = 120_000
const KINDS: readonly TunnelKind[] = ['local', 'dynamic', 'remote', 'local']

const random = createSeededRandom(SEED)
const folder = mkdtempSync(join(tmpdir(), 'outpost-faults-'))
const processes = join(folder, 'tmp')
const port = 20_000 + (process.pid % 10_000)
let server: StandaloneServer
let proxy: FaultProxy | undefined
let echo: EchoServer | undefined
let user: BridgeUser | undefined

/** @param address by which clients come: through the network that fails. */
async function startServer(address: string): Promise<void> {
  const flags = ['--data-dir', join(folder, 'data'), '--port', String(port), '--access-url', address]
  server = await startStandalone([...flags, '--dangerous-disable-rate-limits'], { TMPDIR: processes })
}

afterEach(async () => {
  await user?.close()
  await proxy?.close()
  echo?.close()
  server.process.kill('SIGKILL')
  for (const { pid } of await markedProcesses(processes, 0)) process.kill(pid, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

async function signIn(url: string): Promise<{ readonly client: CoderClient; readonly token: string }> {
  const account = { email: 'ada@example.com', password: 'correct horse Battery 9 staple' }
  const anybody = createCoderClient({ baseUrl: url })
  await anybody.call(usersRoutes.createFirst, { body: { ...account, username: 'ada' } })
  const { session_token: token } = await anybody.call(usersRoutes.login, { body: account })
  return { client: createCoderClient({ baseUrl: url, token }), token }
}

const here = (at: number): TunnelEnd => ({ kind: 'tcp', host: '127.0.0.1', port: at })

interface Tunnel {
  readonly id: string
  readonly kind: TunnelKind
  /** Where it has to be reached for as long as it is on. */
  readonly port: number
}

async function openTunnels(by: BridgeUser, workspaceId: string, target: number): Promise<readonly Tunnel[]> {
  const tunnels: Tunnel[] = []
  for (let at = 0; at < TUNNELS; at += 1) {
    const kind = KINDS[at % KINDS.length] ?? 'local'
    const tunnel = { id: randomUUID(), kind, port: await freePort() }
    tunnels.push(tunnel)
    by.openTunnel({
      tunnelId: tunnel.id,
      deploymentId: 'local',
      workspaceId,
      agentName: null,
      kind,
      listen: here(tunnel.port),
      anyPort: false,
      target: kind === 'dynamic' ? null : here(target),
      certificate: null,
    })
  }
  return tunnels
}

/** Sends bytes through a tunnel and wants them back: by SOCKS5 where it speaks that. */
async function works(tunnel: Tunnel, target: number): Promise<boolean> {
  const bytes = randomBytes(2_000)
  const back =
    tunnel.kind === 'dynamic'
      ? await throughSocks(tunnel.port, target, bytes)
      : await exchange({ port: tunnel.port, host: '127.0.0.1' }, bytes)
  return back.equals(bytes)
}

/** RFC 1928: no authentication, CONNECT to an IPv4 address. */
function throughSocks(socks: number, target: number, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = connect({ port: socks, host: '127.0.0.1', allowHalfOpen: true })
    let received = Buffer.alloc(0)
    let isAsked = false
    socket.on('error', () => undefined)
    socket.once('close', () => resolve(received.subarray(12)))
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk])
      if (isAsked || received.length < 2) return
      isAsked = true
      socket.end(Buffer.concat([Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, target >> 8, target & 255]), bytes]))
    })
    socket.write(Buffer.from([5, 1, 0]))
  })
}

async function expectTunnels(by: BridgeUser, tunnels: readonly Tunnel[], target: number): Promise<void> {
  await Promise.all(
    tunnels.map((tunnel) =>
      waitFor(
        `the ${tunnel.kind} tunnel on ${tunnel.port} carries again`,
        async () => {
          const state = by.tunnels.get(tunnel.id)
          if (state?.connection.kind !== 'open') return undefined
          expect(state.listening).toEqual(here(tunnel.port))
          // A connection may still meet the end of the one before.
          return (await works(tunnel, target).catch(() => false)) ? true : undefined
        },
        PATIENCE_MS,
      ),
    ),
  )
}

async function breakSomething(network: FaultProxy, by: BridgeUser): Promise<string> {
  const what = random.below(8)
  if (what === 6) {
    server.process.kill('SIGKILL')
    await server.exited
    await pause(random.below(MAX_FAULT_MS))
    await startServer(network.url)
    return 'the server was killed'
  }
  if (what === 7) {
    const agents = (await markedProcesses(processes, server.pid)).filter(({ isAgent }) => isAgent)
    for (const { pid } of agents) process.kill(pid, 'SIGKILL')
    return 'the agent was killed'
  }
  const fault = random.pick(networkFaults)
  network.begin(fault)
  await pause(random.below(MAX_FAULT_MS))
  network.heal()
  // As after sleep: half of the time nobody tells.
  if (random.below(2) === 0) by.wake()
  return fault
}

/** Bytes of live objects, garbage collected first. */
function liveBytes(): number {
  setFlagsFromString('--expose_gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}
const openSockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length

it.runIf(process.platform === 'linux')(
  `${TERMINALS} terminals and ${TUNNELS} tunnels heal in ${ROUNDS} rounds (seed ${SEED})`,
  async () => {
    mkdirSync(processes, { recursive: true })
    proxy = await startFaultProxy(port)
    await startServer(proxy.url)
    const { client, token } = await signIn(server.url)
    const { workspace } = await createRunningWorkspace(client, await createTemplate(client, 'ground'), 'main')
    const { agent } = await waitForAgent(client, workspace.id)
    echo = await startEcho({ port: 0, host: '127.0.0.1' })
    user = createBridgeUser(PATIENCE_MS)
    user.signIn(proxy.url, token)
    user.openTerminals(TERMINALS, agent.id)
    const tunnels = await openTunnels(user, workspace.id, echo.port)
    const counts = new Map<string, number>()
    const times: number[] = []
    let before = { sockets: 0, bytes: 0 }
    for (let round = 1; round <= ROUNDS; round += 1) {
      let fault = 'nothing yet'
      try {
        await user.typeEverywhere(`echo round-$((${round} + 1000))\r`, `round-${round + 1000}`)
        await expectTunnels(user, tunnels, echo.port)
        if (round === Math.ceil(ROUNDS / 4)) before = { sockets: openSockets(), bytes: liveBytes() }
        fault = await breakSomething(proxy, user)
        const back = performance.now()
        await user.typeEverywhere(`echo after-$((${round} + 2000))\r`, `after-${round + 2000}`)
        await expectTunnels(user, tunnels, echo.port)
        times.push(performance.now() - back)
        user.reload()
        await expectScrollback(user, round)
        counts.set(fault, (counts.get(fault) ?? 0) + 1)
      } catch (error) {
        throw new Error(
          `Round ${round} of seed ${SEED}, ${fault}: ${String(error)}\n${server.complaints()}`,
          {
            cause: error,
          },
        )
      }
    }
    await waitFor(
      'no socket is left over',
      () => (openSockets() <= before.sockets + TERMINALS ? true : undefined),
      PATIENCE_MS,
    )
    if (FULL) expect(liveBytes()).toBeLessThan(before.bytes * 1.5 + 20_000_000)
    report(counts, times)
  },
  ROUNDS * 4 * PATIENCE_MS,
)

/** A window that knows nothing gets all that was shown, also what a shell before the last printed. */
async function expectScrollback(by: BridgeUser, round: number): Promise<void> {
  for (let index = 0; index < TERMINALS; index += 1) {
    await waitFor(
      `terminal ${index} has its scrollback`,
      () => {
        const text = by.shown(index)
        const wanted = [1, round].flatMap((each) => [`round-${each + 1000}`, `after-${each + 2000}`])
        return wanted.every((mark) => text.includes(mark)) ? true : undefined
      },
      PATIENCE_MS,
    )
  }
}

function report(counts: ReadonlyMap<string, number>, times: readonly number[]): void {
  if (!FULL) return
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number): string =>
    `${Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0)} ms`
  const faults = [...counts].map(([fault, count]) => `${fault}: ${count}`).join(', ')
  process.stdout.write(`${ROUNDS} rounds (${faults}), whole again: median ${at(0.5)}, longest ${at(1)}\n`)
}
