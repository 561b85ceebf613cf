/**
 * Two networks of the kernel with one cable between, for a computer with the bridge and one with the deployment, and
 * what goes wrong with cables. Linux, as root, with iproute2.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { listNetworks } from './network-names.ts'
import { spawnProgram } from './program-calls.ts'

export type NetworkSide = 'client' | 'server'

/** A queueing discipline that makes a cable bad, by its words for `tc`. */
export interface BadCable {
  readonly name: string
  readonly words: readonly string[]
}

const badCables: readonly BadCable[] = [
  { name: 'narrow', words: ['tbf', 'rate', '256kbit', 'burst', '3000', 'latency', '200ms'] },
  { name: 'delay', words: ['netem', 'delay', '150ms', '50ms'] },
  { name: 'loss', words: ['netem', 'loss', '15%'] },
  { name: 'reorder', words: ['netem', 'delay', '20ms', 'reorder', '25%', '50%'] },
  { name: 'duplicate', words: ['netem', 'duplicate', '20%'] },
  { name: 'corrupt', words: ['netem', 'corrupt', '5%'] },
]

export interface NetworkPair {
  readonly names: Readonly<Record<NetworkSide, string>>
  /** What the deployment listens on; the client's own address changes. */
  readonly serverAddress: string
  /** The words that run a program there. */
  inside(side: NetworkSide): readonly string[]
  /** Pulls the cable out of that side, or puts it back. */
  setCable(side: NetworkSide, isIn: boolean): void
  /** What that side sends gets lost on the way, and nobody is told. */
  setSilent(side: NetworkSide, isSilent: boolean): void
  /** The client gets another address, and loses the one it had. */
  moveClient(): void
  /** What this kernel can do to a cable. */
  readonly badCables: readonly BadCable[]
  /** What it cannot, with its words. */
  readonly refusedCables: readonly string[]
  setBadCable(side: NetworkSide, cable: BadCable | undefined): void
  /** Ends every process in it, and takes it and the folder away. */
  close(): Promise<void>
}

const card = 'eth0'
/** Belongs to nobody: a network card throws away what is for another one. */
const nobody = '02:00:00:00:00:01'
const addresses = { server: '10.77.0.1', client: '10.77.0.2' }

function ip(...words: readonly string[]): void {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] })
}

/** Why there can be no such networks here; `undefined` where there can. */
export function whyNoNetworks(): string | undefined {
  if (process.platform !== 'linux') return 'they are of Linux'
  if (process.getuid?.() !== 0) return 'only root may make them'
  const name = `outpost-try-${randomBytes(4).toString('hex')}`
  const made = spawnSync('ip', ['netns', 'add', name], { encoding: 'utf8' })
  if (made.error !== undefined) return `"ip" of iproute2 does not run: ${made.error.message}`
  if (made.status !== 0) return `"ip netns add" is refused: ${made.stderr.trim()}`
  // With the network go both ends of the cable.
  const cable = spawnSync('ip', ['-n', name, 'link', 'add', card, 'type', 'veth', 'peer', 'name', 'eth1'], {
    encoding: 'utf8',
  })
  ip('netns', 'del', name)
  return cable.status === 0 ? undefined : `a cable of the kind veth is refused: ${cable.stderr.trim()}`
}

/** @param folder that goes with them. */
export async function createNetworkPair(folder: string): Promise<NetworkPair> {
  // Two runs at a time must not meet.
  const own = `outpost-${randomBytes(4).toString('hex')}`
  const names = { client: `${own}-client`, server: `${own}-server` }
  const guard = spawnProgram('network-guard', [folder, ...Object.values(names)])
  // From here on they go, whatever happens to us.
  await Promise.race([
    once(guard, 'message'),
    once(guard, 'exit').then(() => Promise.reject(new Error('The guard of the networks does not run.'))),
  ])
  for (const name of Object.values(names)) ip('netns', 'add', name)
  ip('-n', names.client, 'link', 'add', card, 'type', 'veth', 'peer', 'name', card, 'netns', names.server)
  for (const side of ['client', 'server'] as const) {
    ip('-n', names[side], 'addr', 'add', `${addresses[side]}/24`, 'dev', card)
    for (const device of ['lo', card]) ip('-n', names[side], 'link', 'set', device, 'up')
  }
  const tc = (side: NetworkSide, ...words: readonly string[]) =>
    spawnSync('tc', ['-n', names[side], 'qdisc', ...words], { encoding: 'utf8' })
  const { able, refused } = tryBadCables((...words) => tc('client', ...words))
  return {
    names,
    serverAddress: addresses.server,
    badCables: able,
    refusedCables: refused,
    inside: (side) => ['ip', 'netns', 'exec', names[side]],
    setCable: (side, isIn) => ip('-n', names[side], 'link', 'set', card, isIn ? 'up' : 'down'),
    ...createLosses(names),
    setBadCable(side, cable) {
      const words =
        cable === undefined ? ['del', 'dev', card, 'root'] : ['add', 'dev', card, 'root', ...cable.words]
      const done = tc(side, ...words)
      if (done.status !== 0) throw new Error(`tc qdisc ${words.join(' ')}: ${done.stderr.trim()}`)
    },
    async close() {
      if (guard.exitCode === null) {
        const exited = once(guard, 'exit')
        guard.disconnect()
        await exited
      }
      const left = listNetworks().filter((name) => name.startsWith(own))
      if (guard.exitCode !== 0 || left.length > 0)
        throw new Error(`The networks could not be taken away: ${left.join(', ')}`)
    },
  }
}

/** Packets that get lost without a word: sent to a network card that does not exist, or from an address that is gone. */
function createLosses(
  names: Readonly<Record<NetworkSide, string>>,
): Pick<NetworkPair, 'setSilent' | 'moveClient'> {
  let client = addresses.client
  let moves = 0
  const silent = new Set<NetworkSide>()
  const neighbour = (side: NetworkSide): readonly string[] => [
    side === 'client' ? addresses.server : client,
    'dev',
    card,
  ]
  return {
    setSilent(side, isSilent) {
      if (silent.has(side) === isSilent) return
      if (isSilent) {
        silent.add(side)
        ip('-n', names[side], 'neigh', 'replace', ...neighbour(side), 'lladdr', nobody, 'nud', 'permanent')
        return
      }
      silent.delete(side)
      ip('-n', names[side], 'neigh', 'del', ...neighbour(side))
    },
    moveClient() {
      const before = client
      moves += 1
      client = `10.77.0.${3 + (moves % 200)}`
      // The first address of a card takes the later ones along, so it goes before they come.
      ip('-n', names.client, 'addr', 'del', `${before}/24`, 'dev', card)
      ip('-n', names.client, 'addr', 'add', `${client}/24`, 'dev', card)
    },
  }
}

function tryBadCables(tc: (...words: readonly string[]) => ReturnType<typeof spawnSync>): {
  readonly able: readonly BadCable[]
  readonly refused: readonly string[]
} {
  const able: BadCable[] = []
  const refused: string[] = []
  for (const cable of badCables) {
    const { status, stderr } = tc('add', 'dev', 'lo', 'root', ...cable.words)
    if (status === 0) {
      able.push(cable)
      tc('del', 'dev', 'lo', 'root')
    } else refused.push(`${cable.name} (${String(stderr).trim()})`)
  }
  return { able, refused }
}
