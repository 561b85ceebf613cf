/**
 * Logs of agents followed while they are written. Coder keeps 1 MiB of an agent's log, so that many agents write theirs,
 * a few at a time, over links of their own, until all of them together have written what is measured. Beside it, a relay
 * that hands the same lines from one socket to as many others and keeps nothing.
 */
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { createCoderClient, type CoderClient } from '#bridge/client/coder-client'
import { workspaceAgentsRoutes } from '#bridge/contract/workspace-agents'
import { ownProcess } from '../e2e/fixtures/owned-process.ts'
import { measurement, type Benchmark, type Measurement } from './benchmark.ts'
import { startLogAgent, type LogAgent } from './log-agents.ts'
import { withSeededServer, type SeededServer } from './seeded-server.ts'
import { cpuSeconds, memoryMiB } from './usage.ts'

const agentCount = 64
const linesOfAgent = 4_500
const line = 'x'.repeat(200)
/** At the same time, as builds of some workspaces are. */
const writing = 8
const bytesPerSecond = 10_000_000
const tickMs = 10
const totalBytes = agentCount * linesOfAgent * line.length
const data = { workspaces: agentCount, running: agentCount, withHistory: false }
const ws = createRequire(import.meta.url).resolve('ws')
const relay = `
const { WebSocketServer } = require(${JSON.stringify(ws)})
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false }, () => console.log(server.address().port))
server.on('connection', (socket) => socket.on('message', (data) => { for (const client of server.clients) if (client !== socket) client.send(data, { binary: false }) }))
process.on('SIGTERM', () => process.exit())`

interface Followed {
  readonly bytesPerSecond: number
  /** Of one core. */
  readonly cpuShare: number
  /** Most memory while the first half was written, and after that. */
  readonly halfMiB: number
  readonly endMiB: number
  /** Lines that came wrongly: twice, not at all, or in another order. */
  readonly wrong: number
}

export const logFollow: Benchmark = {
  name: 'log-follow',
  about: 'logs of agents at 10 MB/s, followed by one and by ten',
  run: async (log) => {
    const results: Measurement[] = []
    for (const followers of [1, 10]) {
      const ours = await withSeededServer(data, async (server) => await followed(server, followers))
      const reference = await relayed(followers)
      const by = `${String(followers)} following`
      log(
        `${by}: ${(ours.cpuShare * 100).toFixed(0)} % of a core, memory ${ours.halfMiB.toFixed(0)}, then ${ours.endMiB.toFixed(0)} MiB`,
      )
      results.push(
        measurement({
          name: `agent logs kept and followed, ${by}`,
          value: ours.bytesPerSecond / 1e6,
          unit: 'MB/s',
          reference: reference / 1e6,
          limit: { of: 'value', atLeast: 9 },
        }),
        measurement({
          name: `processor time of the server for agent logs, ${by}`,
          value: (ours.cpuShare * 1e9) / ours.bytesPerSecond,
          unit: 'ms/MB',
          limit: { of: 'value', atMost: 100 },
        }),
        measurement({
          name: `lines lost, doubled or moved, ${by}`,
          value: ours.wrong,
          unit: 'lines',
          limit: { of: 'value', atMost: 0 },
        }),
        measurement({
          name: `memory of the server in the second half, by that in the first, ${by}`,
          value: ours.endMiB,
          unit: 'MiB',
          reference: ours.halfMiB,
          limit: { of: 'ratio', atMost: 1.25 },
        }),
      )
    }
    return results
  },
}

async function followed(
  { url, pid, token, agents: inits }: SeededServer,
  followers: number,
): Promise<Followed> {
  const agents = await Promise.all(inits.map(startLogAgent))
  const client = createCoderClient({ baseUrl: url, token })
  const readers = await openReaders(client, agents, followers)
  await delay(2_000)
  const cpuBefore = await cpuSeconds([pid])
  const used: number[] = []
  const looking = setInterval(() => {
    void memoryMiB([pid]).then((mib) => used.push(mib))
  }, 100)
  const started = performance.now()
  try {
    await Promise.all([write(agents), ...readers.map(async ({ done }) => await done)])
  } finally {
    clearInterval(looking)
  }
  const seconds = (performance.now() - started) / 1000
  const cpuShare = ((await cpuSeconds([pid])) - cpuBefore) / seconds
  // What came twice would still be on its way.
  await delay(500)
  for (const { socket } of readers) socket.terminate()
  await Promise.all(agents.map(async (agent) => await agent.close()))
  return {
    bytesPerSecond: totalBytes / seconds,
    cpuShare,
    halfMiB: Math.max(...used.slice(0, used.length / 2)),
    endMiB: Math.max(...used.slice(used.length / 2)),
    wrong: readers.reduce((sum, reader) => sum + reader.wrong(), 0),
  }
}

/** Lines carry their number; agents begin one after the other, at the rate of all together. */
async function write(agents: readonly LogAgent[]): Promise<void> {
  const source = randomUUID()
  const waiting = [...agents]
  let active: { agent: LogAgent; next: number }[] = []
  const started = performance.now()
  let written = 0
  for (;;) {
    while (active.length < writing && waiting.length > 0)
      active.push({ agent: waiting.shift() as LogAgent, next: 0 })
    if (active.length === 0) return
    const due = ((performance.now() - started) / 1000) * bytesPerSecond
    while (written < due && active.length > 0) {
      for (const entry of active) {
        entry.agent.outbox.log(source, 'info', numbered(entry.next))
        entry.next += 1
        written += line.length
      }
      active = active.filter(({ next }) => next < linesOfAgent)
    }
    await delay(tickMs)
  }
}

const numbered = (index: number): string => String(index).padEnd(8) + line.slice(8)

interface Reader {
  readonly socket: WebSocket
  readonly done: Promise<void>
  wrong(): number
}

async function openReaders(
  client: CoderClient,
  agents: readonly LogAgent[],
  followers: number,
): Promise<Reader[]> {
  const readers: Reader[] = []
  for (const { agentId } of agents) {
    const parse = createMessageParser()
    for (let follower = 0; follower < followers; follower += 1) {
      const { url, headers } = client.socket(workspaceAgentsRoutes.followLogs, {
        params: { workspaceagent: agentId },
        query: { follow: 'true', after: 0, no_compression: 'true' },
      })
      const socket = new WebSocket(url, { headers: { ...headers }, perMessageDeflate: false })
      readers.push(readLines(socket, parse))
      await new Promise((resolve, reject) => {
        socket.once('open', resolve)
        socket.once('error', reject)
      })
    }
  }
  return readers
}

/** Parses a message once for all who get the same bytes: else reading ten times costs more than what is measured. */
function createMessageParser(): (data: Buffer) => readonly { output: string }[] {
  let last: { readonly data: Buffer; readonly rows: readonly { output: string }[] } | undefined
  return (data) => {
    if (last?.data.equals(data) !== true)
      last = { data, rows: JSON.parse(data.toString()) as { output: string }[] }
    return last.rows
  }
}

function readLines(socket: WebSocket, parse: ReturnType<typeof createMessageParser>): Reader {
  let wrong = 0
  let expected = 0
  const done = new Promise<void>((resolve, reject) => {
    socket.once('close', () => reject(new Error('A follower was sent away.')))
    socket.on('message', (data: Buffer) => {
      for (const { output } of parse(data)) {
        if (Number(output.slice(0, 8)) !== expected) wrong += 1
        expected += 1
      }
      if (expected >= linesOfAgent) resolve()
    })
  })
  done.catch(() => undefined)
  return { socket, done, wrong: () => wrong + Math.abs(expected - linesOfAgent) }
}

/** As many bytes in messages of 100 lines, as fast as they go. */
async function relayed(followers: number): Promise<number> {
  const child = spawn(process.execPath, ['-e', relay], { stdio: ['ignore', 'pipe', 'inherit'] })
  const server = ownProcess(child, 'the relay')
  try {
    const port = await server.firstLine(createInterface({ input: child.stdout }))
    const open = async (): Promise<WebSocket> => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
      await new Promise((resolve) => socket.once('open', resolve))
      return socket
    }
    const message = JSON.stringify(
      Array.from({ length: 100 }, (_, id) => ({ id, output: line, level: 'info' })),
    )
    const messages = Math.round(totalBytes / (100 * line.length))
    const readers = await Promise.all(Array.from({ length: followers }, open))
    const writer = await open()
    const started = performance.now()
    const done = readers.map(
      async (reader) =>
        await new Promise<void>((resolve) => {
          let seen = 0
          reader.on('message', () => {
            seen += 1
            if (seen === messages) resolve()
          })
        }),
    )
    for (let sent = 0; sent < messages; sent += 1) {
      await new Promise((resolve) => writer.send(message, resolve))
    }
    await Promise.all(done)
    const seconds = (performance.now() - started) / 1000
    for (const socket of [...readers, writer]) socket.terminate()
    return totalBytes / seconds
  } finally {
    await server.stop()
  }
}
