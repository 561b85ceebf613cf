/**
 * Connections that heal: terminals and tunnels over a network that fails, and over servers and agents that are killed.
 * After each round every terminal has its scrollback and takes what is typed, and every tunnel has its port. The network
 * is a proxy of ours on every machine, and one of the kernel's where that can be made.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, it } from 'vitest'
import { freePort, startEcho, type EchoServer } from '../echo-server.ts'
import { networkFaults, startFaultProxy, type FaultProxy } from '../fault-proxy.ts'
import { createSeededRandom } from '../seeded-random.ts'
import { startStandalone, type StandaloneServer } from '../standalone-server.ts'
import { createBridgeUser, type BridgeUser } from './bridge-user.ts'
import { prepareGround } from './fault-ground.ts'
import { runFaultRounds } from './fault-rounds.ts'
import { liveBytes, openSockets } from './held.ts'
import { markedProcesses } from './marked-processes.ts'
import { startNetworkFaults } from './network-faults.ts'
import { whyNoNetworks } from './network-pair.ts'
import { asOpenTunnel, carries, nameTunnels } from './tunnel-checks.ts'

const FULL = process.env['SOAK'] === 'full'
const ROUNDS = FULL ? 100 : 2
const TERMINALS = FULL ? 10 : 2
const TUNNELS = FULL ? 20 : 4
const SEED = Number(process.env['SOAK_SEED'] ?? (FULL ? Date.now() % 1_000_000 : 20_262))
/** The short one pulls the cable out and loses packets, on any kernel: nothing that takes long to notice or to start. */
const NETWORK_SEED = Number(process.env['SOAK_SEED'] ?? (FULL ? SEED : 20_484))
const MAX_FAULT_MS = FULL ? 4_000 : 400
/** Dead peers are noticed meanwhile, on both sides. */
const LONG_FAULT_MS = 50_000
/** A dead peer is noticed after three unanswered questions of ten seconds, and the next try waits up to half a minute. */
const PATIENCE_MS = 120_000

const random = createSeededRandom(SEED)
/** Of the test with the proxy; the other one has its own. */
let folder: string | undefined
const port = 20_000 + (process.pid % 10_000)
let server: StandaloneServer | undefined
let proxy: FaultProxy | undefined
let echo: EchoServer | undefined
let user: BridgeUser | undefined
let closeNetworks: (() => Promise<void>) | undefined

const processesIn = (of: string): string => join(of, 'tmp')

/** @param address by which clients come: through the network that fails. */
async function startServer(of: string, address: string): Promise<StandaloneServer> {
  const flags = ['--data-dir', join(of, 'data'), '--port', String(port), '--access-url', address]
  server = await startStandalone([...flags, '--dangerous-disable-rate-limits'], { TMPDIR: processesIn(of) })
  return server
}

afterEach(async () => {
  await closeNetworks?.()
  closeNetworks = undefined
  await user?.close()
  await proxy?.close()
  echo?.close()
  server?.process.kill('SIGKILL')
  if (folder === undefined) return
  for (const { pid } of await markedProcesses(processesIn(folder), 0)) process.kill(pid, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  folder = undefined
})

async function breakSomething(
  of: string,
  network: FaultProxy,
  by: BridgeUser,
  running: StandaloneServer,
): Promise<string> {
  const what = random.below(8)
  if (what === 6) {
    running.process.kill('SIGKILL')
    await running.exited
    await pause(random.below(MAX_FAULT_MS))
    await startServer(of, network.url)
    return 'the server was killed'
  }
  if (what === 7) {
    const agents = (await markedProcesses(processesIn(of), running.pid)).filter(({ isAgent }) => isAgent)
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

it.runIf(process.platform === 'linux')(
  `${TERMINALS} terminals and ${TUNNELS} tunnels heal in ${ROUNDS} rounds (seed ${SEED})`,
  async () => {
    const own = mkdtempSync(join(tmpdir(), 'outpost-faults-'))
    folder = own
    mkdirSync(processesIn(own))
    const network = await startFaultProxy(port)
    proxy = network
    let running = await startServer(own, network.url)
    const { token, workspaceId, agentId } = await prepareGround(running.url)
    const target = await startEcho({ port: 0, host: '127.0.0.1' })
    echo = target
    const person = createBridgeUser(PATIENCE_MS)
    user = person
    person.signIn(network.url, token)
    person.openTerminals(TERMINALS, agentId)
    const tunnels = nameTunnels(await Promise.all(Array.from({ length: TUNNELS }, freePort)))
    for (const tunnel of tunnels) person.openTunnel(asOpenTunnel(tunnel, workspaceId, target.port))
    await runFaultRounds({
      rounds: ROUNDS,
      seed: SEED,
      isFull: FULL,
      terminals: TERMINALS,
      tunnels,
      patienceMs: PATIENCE_MS,
      user: {
        ...person,
        tunnelState: (tunnelId) => person.tunnels.get(tunnelId),
        carries: (tunnel) => carries(tunnel, target.port),
        held: () => ({ handles: { sockets: openSockets() }, bytes: liveBytes() }),
      },
      breakSomething: async () => {
        const fault = await breakSomething(own, network, person, running)
        running = server ?? running
        return fault
      },
      complaints: () => running.complaints(),
    })
  },
  ROUNDS * 4 * PATIENCE_MS,
)

const noNetworks = whyNoNetworks()
const networkRounds = `${TERMINALS} terminals and ${TUNNELS} tunnels heal in ${ROUNDS} rounds between two networks of the kernel`

it.skipIf(noNetworks !== undefined)(
  `${networkRounds} (seed ${NETWORK_SEED}${noNetworks === undefined ? '' : `; left out: ${noNetworks}`})`,
  async () => {
    const networks = await startNetworkFaults(
      {
        ...{ terminals: TERMINALS, tunnels: TUNNELS, random: createSeededRandom(NETWORK_SEED) },
        ...{ maxFaultMs: MAX_FAULT_MS, longFaultMs: FULL ? LONG_FAULT_MS : undefined },
      },
      (close) => {
        closeNetworks = close
      },
    )
    const { leftOut, ...run } = networks
    if (leftOut !== '') process.stdout.write(`This kernel spoils no cable by: ${leftOut}\n`)
    await runFaultRounds({
      ...{ rounds: ROUNDS, seed: NETWORK_SEED, isFull: FULL, terminals: TERMINALS, patienceMs: PATIENCE_MS },
      ...run,
    })
  },
  ROUNDS * 4 * PATIENCE_MS,
)
