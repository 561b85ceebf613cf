/** A bridge and a deployment in two networks of the kernel, and what goes wrong between and with them. */
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { SeededRandom } from '../seeded-random.ts'
import { startStandalone, type StandaloneServer } from '../standalone-server.ts'
import type { FaultedUser } from './fault-rounds.ts'
import { markedProcesses } from './marked-processes.ts'
import { createNetworkPair, type NetworkPair, type NetworkSide } from './network-pair.ts'
import type { NetworkPlaceMethods } from './network-place.ts'
import type { NetworkUserMethods } from './network-user.ts'
import { callProgram, type CalledProgram } from './program-calls.ts'
import { asOpenTunnel, nameTunnels, type SoakTunnel } from './tunnel-checks.ts'

export interface NetworkFaults {
  readonly user: FaultedUser
  readonly tunnels: readonly SoakTunnel[]
  /** Breaks something, heals it, and says what it was. */
  breakSomething(): Promise<string>
  complaints(): string
  /** What this kernel cannot do, in words; empty where it can do all. */
  readonly leftOut: string
}

export interface NetworkFaultsOptions {
  readonly terminals: number
  readonly tunnels: number
  readonly random: SeededRandom
  readonly maxFaultMs: number
  /** Some faults last this long: longer than it takes to notice a dead peer. */
  readonly longFaultMs: number | undefined
}

/** Nobody else is in these networks, so every port is free there: below those that the kernel gives out. */
const serverPort = 20_000
const firstTunnelPort = 21_000
const sides: readonly NetworkSide[] = ['client', 'server']

/** Everything that runs there. */
interface Parts {
  readonly network: NetworkPair
  /** The temporary folder of the server and its agents, which tells them from others. */
  readonly processes: string
  readonly bridge: CalledProgram<NetworkUserMethods>
  readonly places: Readonly<Record<NetworkSide, CalledProgram<NetworkPlaceMethods>>>
  server: StandaloneServer
  startServer(): Promise<StandaloneServer>
}

/** @param onMade is told at once how to take everything away, also when what follows fails. */
export async function startNetworkFaults(
  options: NetworkFaultsOptions,
  onMade: (close: () => Promise<void>) => void,
): Promise<NetworkFaults> {
  const folder = mkdtempSync(join(tmpdir(), 'outpost-networks-'))
  const network = await createNetworkPair(folder)
  onMade(() => network.close())
  const processes = join(folder, 'tmp')
  mkdirSync(processes)
  const url = `http://${network.serverAddress}:${serverPort}`
  const startServer = (): Promise<StandaloneServer> =>
    startStandalone(
      [
        ...['--data-dir', join(folder, 'data'), '--access-url', url, '--dangerous-disable-rate-limits'],
        ...['--http-address', `${network.serverAddress}:${serverPort}`],
      ],
      { TMPDIR: processes },
      network.inside('server'),
    )
  const place = (side: NetworkSide): CalledProgram<NetworkPlaceMethods> =>
    callProgram('network-place', network.inside(side))
  const parts: Parts = {
    network,
    processes,
    bridge: callProgram('network-user', network.inside('client')),
    places: { client: place('client'), server: place('server') },
    server: await startServer(),
    startServer,
  }
  const { token, workspaceId, agentId } = await parts.places.server.call('prepareGround', url)
  const echoes = {
    client: await parts.places.client.call('echoPort'),
    server: await parts.places.server.call('echoPort'),
  }
  await parts.bridge.call('signIn', url, token)
  await parts.bridge.call('openTerminals', options.terminals, agentId)
  const ports = Array.from({ length: options.tunnels }, (_, at) => firstTunnelPort + at)
  const tunnels = nameTunnels(ports)
  for (const tunnel of tunnels) {
    const target = echoes[tunnel.kind === 'remote' ? 'client' : 'server']
    await parts.bridge.call('openTunnel', asOpenTunnel(tunnel, workspaceId, target))
  }
  return {
    user: asFaultedUser(parts, echoes),
    tunnels,
    breakSomething: () => breakSomething(parts, options),
    complaints: () => parts.server.complaints(),
    leftOut: network.refusedCables.join(', '),
  }
}

function asFaultedUser(parts: Parts, echoes: Readonly<Record<NetworkSide, number>>): FaultedUser {
  const { bridge, places } = parts
  return {
    typeEverywhere: (text, shows) => bridge.call('typeEverywhere', text, shows),
    reload: () => bridge.call('reload'),
    timeline: () => bridge.call('timeline'),
    shown: (index) => bridge.call('shown', index),
    tunnelState: (tunnelId) => bridge.call('tunnelState', tunnelId),
    // From where it listens; what it leads to is on the other side.
    carries: ({ kind, port }) =>
      kind === 'remote'
        ? places.server.call('carries', { kind, port }, echoes.client)
        : places.client.call('carries', { kind, port }, echoes.server),
    async held() {
      const { handles, bytes } = await bridge.call('held')
      const agents = await agentsOf(parts)
      const open = {
        'files of the bridge': openFiles(bridge.pid),
        'files of the server': openFiles(parts.server.pid),
        'files of the agent': agents.reduce((count, pid) => count + openFiles(pid), 0),
      }
      return { handles: { ...handles, ...open }, bytes }
    },
  }
}

/** Descriptors of a process: sockets and terminals are among them. */
const openFiles = (pid: number): number => readdirSync(`/proc/${pid}/fd`).length

async function agentsOf({ processes, server }: Parts): Promise<number[]> {
  const marked = await markedProcesses(processes, server.pid)
  return marked.filter(({ isAgent }) => isAgent).map(({ pid }) => pid)
}

type Break = (parts: Parts, lastMs: number, random: SeededRandom) => Promise<string>

const breakCable: Break = async ({ network }, lastMs, random) => {
  const side = random.pick(sides)
  network.setCable(side, false)
  await pause(lastMs)
  network.setCable(side, true)
  return `cable out of the ${side}`
}

/** Half-open: both sides think that they are connected. */
const loseSilently: Break = async ({ network }, lastMs, random) => {
  const deaf = random.pick([sides, sides, ...sides.map((side) => [side])])
  for (const side of deaf) network.setSilent(side, true)
  await pause(lastMs)
  for (const side of deaf) network.setSilent(side, false)
  return deaf.length === 2 ? 'nothing passes' : `nothing passes from the ${deaf.join()}`
}

const move: Break = async ({ network }, lastMs, random) => {
  // From a cable into Wi-Fi, or from one network to the next with none between.
  const isAway = random.below(2) === 0
  if (isAway) network.setCable('client', false)
  if (isAway) await pause(lastMs)
  network.moveClient()
  if (isAway) network.setCable('client', true)
  return 'another address'
}

const suspend: Break = async ({ network, bridge }, lastMs, random) => {
  process.kill(bridge.pid, 'SIGSTOP')
  try {
    await pause(lastMs)
    if (random.below(2) === 0) return 'suspended'
    // As a laptop that is opened somewhere else.
    network.moveClient()
    return 'suspended, then another address'
  } finally {
    process.kill(bridge.pid, 'SIGCONT')
  }
}

const killServer: Break = async (parts, lastMs) => {
  parts.server.process.kill('SIGKILL')
  await parts.server.exited
  await pause(lastMs)
  parts.server = await parts.startServer()
  return 'server killed'
}

const killAgent: Break = async (parts) => {
  for (const pid of await agentsOf(parts)) process.kill(pid, 'SIGKILL')
  return 'agent killed'
}

const spoilCable: Break = async ({ network }, lastMs, random) => {
  const side = random.pick(sides)
  const cable = random.pick(network.badCables)
  network.setBadCable(side, cable)
  await pause(lastMs)
  network.setBadCable(side, undefined)
  return `bad cable: ${cable.name}`
}

async function breakSomething(parts: Parts, options: NetworkFaultsOptions): Promise<string> {
  const { random, maxFaultMs, longFaultMs } = options
  const spoil = parts.network.badCables.length > 0 ? [spoilCable] : []
  const breakIt = random.pick([
    ...[breakCable, breakCable, loseSilently, loseSilently, move, suspend, ...spoil],
    ...[killServer, killAgent],
  ])
  const isLong = longFaultMs !== undefined && breakIt !== killServer && random.below(12) === 0
  const told = random.below(2) === 0 || longFaultMs === undefined
  const fault = await breakIt(parts, isLong ? longFaultMs : random.below(maxFaultMs), random)
  // Half of the time nobody tells that something was wrong.
  if (told) await parts.bridge.call('wake')
  return `${fault}${isLong ? ', for long' : ''}${told ? ', and it is told' : ''}`
}
