/**
 * Five hundred watchers of one workspace: what an open watch costs in memory, and how long a change takes to the last of
 * them, beside as many sockets of a bare WebSocket server that sends each the same bytes at once.
 */
import { spawn } from 'node:child_process'
import { get } from 'node:http'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { createCoderClient, type CoderClient } from '#bridge/client/coder-client'
import { buildInfoRoutes } from '#bridge/contract/build-info'
import { workspacesRoutes } from '#bridge/contract/workspaces'
import { ownProcess } from '../e2e/fixtures/owned-process.ts'
import { measurement, type Benchmark, type Measurement } from './benchmark.ts'
import { withSeededServer, type SeededServer } from './seeded-server.ts'
import { median } from './statistics.ts'
import { memoryMiB } from './usage.ts'

const watchers = 500
const rounds = 11
const settleMs = 2_000
const ws = createRequire(import.meta.url).resolve('ws')
const bareServer = `
const { WebSocketServer } = require(${JSON.stringify(ws)})
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false }, () => console.log(server.address().port))
const body = Buffer.alloc(Number(process.argv[1]), 'x')
server.on('connection', (socket) => socket.on('message', () => { for (const client of server.clients) client.send(body, { binary: false }) }))
process.on('SIGTERM', () => process.exit())`

interface Round {
  /** From the change to the last watcher that has it. */
  readonly lastMs: number
  /** The longest time another request, made again and again, waited meanwhile. */
  readonly waitMs: number
}

interface Watchers {
  readonly kibEach: number
  readonly rounds: readonly Round[]
}

export const watchSockets: Benchmark = {
  name: 'watch-sockets',
  about: `${String(watchers)} watchers of one workspace, by socket and by server-sent events`,
  run: async (log) =>
    await withSeededServer({ workspaces: 12, running: 12, withHistory: false }, async (server) => {
      const client = createCoderClient({ baseUrl: server.url, token: server.token })
      const { workspaces } = await client.call(workspacesRoutes.list, { query: { q: 'owner:me', limit: 1 } })
      const workspace = workspaces[0]?.id ?? ''
      const bytes = JSON.stringify(workspaces[0]).length
      log(`an event has about ${String(bytes)} bytes`)
      const bare = await bareWatchers(bytes)
      const sockets = await watch(server, client, workspace, openSocket)
      const streams = await watch(server, client, workspace, openStream)
      return [...judged('socket', sockets, bare), ...judged('server-sent events', streams, bare)]
    }),
}

function judged(kind: string, ours: Watchers, bare: Watchers): Measurement[] {
  return [
    measurement({
      name: `memory of a watch by ${kind}`,
      value: ours.kibEach,
      unit: 'KiB',
      reference: bare.kibEach,
      limit: { of: 'value', atMost: 64 },
    }),
    measurement({
      name: `change to the last watcher by ${kind}`,
      value: median(ours.rounds.map(({ lastMs }) => lastMs)),
      unit: 'ms',
      reference: median(bare.rounds.map(({ lastMs }) => lastMs)),
      limit: { of: 'value', atMost: 250 },
    }),
    measurement({
      name: `longest wait of another request meanwhile, ${kind}`,
      value: median(ours.rounds.map(({ waitMs }) => waitMs)),
      unit: 'ms',
      limit: { of: 'value', atMost: 100 },
    }),
  ]
}

interface Watch {
  /** Called with each event but pings. */
  onEvent: () => void
  close(): void
}

type OpenWatch = (server: SeededServer, client: CoderClient, workspace: string) => Watch

async function watch(
  server: SeededServer,
  client: CoderClient,
  workspace: string,
  open: OpenWatch,
): Promise<Watchers> {
  const openAll = async (): Promise<Watch[]> => {
    const all: Watch[] = []
    for (let index = 0; index < watchers; index += 1) {
      const opened = open(server, client, workspace)
      all.push(opened)
      await nextEvent([opened])
    }
    await delay(settleMs)
    return all
  }
  // What the server took for as many hand-shakes is no watch's own.
  for (const opened of await openAll()) opened.close()
  await delay(settleMs)
  const before = await memoryMiB([server.pid])
  const all = await openAll()
  const kibEach = (((await memoryMiB([server.pid])) - before) * 1024) / watchers
  const results: Round[] = []
  for (let round = 0; round < rounds; round += 1) {
    const route = round % 2 === 0 ? workspacesRoutes.favorite : workspacesRoutes.unfavorite
    const waits = waitsOf(client)
    const started = performance.now()
    const told = nextEvent(all)
    await client.call(route, { params: { workspace } })
    await told
    const lastMs = performance.now() - started
    const waitMs = await waits.end()
    if (round > 0) results.push({ lastMs, waitMs })
  }
  for (const opened of all) opened.close()
  await delay(settleMs)
  return { kibEach, rounds: results }
}

/** When each of them has heard of something. */
async function nextEvent(all: readonly Watch[]): Promise<void> {
  await Promise.all(
    all.map(
      async (opened) =>
        await new Promise<void>((resolve) => {
          opened.onEvent = resolve
        }),
    ),
  )
}

const openSocket: OpenWatch = (_server, client, workspace) => {
  const { url, headers } = client.socket(workspacesRoutes.watchWs, { params: { workspace } })
  const socket = new WebSocket(url, { headers: { ...headers }, perMessageDeflate: false })
  const opened: Watch = { onEvent: () => undefined, close: () => socket.terminate() }
  socket.on('message', (data: Buffer) => {
    if (data.byteLength > 100) opened.onEvent()
  })
  socket.on('error', (error) => console.error(error))
  return opened
}

const openStream: OpenWatch = ({ url, token }, _client, workspace) => {
  const request = get(`${url}/api/v2/workspaces/${workspace}/watch`, {
    agent: false,
    headers: { 'Coder-Session-Token': token },
  })
  const opened: Watch = { onEvent: () => undefined, close: () => request.destroy() }
  request.on('response', (response) => {
    response.on('error', () => undefined)
    response.on('data', (data: Buffer) => {
      // The end of an event: a ping has none of this.
      if (data.subarray(-3).toString() === '}\n\n') opened.onEvent()
    })
  })
  request.on('error', () => undefined)
  return opened
}

/** Asks for something small until told to end; the answer is the longest it took. */
function waitsOf(client: CoderClient): { end(): Promise<number> } {
  let longest = 0
  const stop = new AbortController()
  const asking = (async () => {
    while (!stop.signal.aborted) {
      const started = performance.now()
      await client.call(buildInfoRoutes.get, {})
      longest = Math.max(longest, performance.now() - started)
    }
  })()
  return {
    async end() {
      stop.abort()
      await asking
      return longest
    },
  }
}

async function bareWatchers(bytes: number): Promise<Watchers> {
  const child = spawn(process.execPath, ['-e', bareServer, String(bytes)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const server = ownProcess(child, 'the bare server')
  try {
    const port = await server.firstLine(createInterface({ input: child.stdout }))
    const before = await memoryMiB([server.pid])
    const sockets: WebSocket[] = []
    const all: Watch[] = []
    for (let index = 0; index < watchers; index += 1) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false })
      await new Promise((resolve) => socket.once('open', resolve))
      const opened: Watch = { onEvent: () => undefined, close: () => socket.terminate() }
      socket.on('message', () => opened.onEvent())
      sockets.push(socket)
      all.push(opened)
    }
    await delay(settleMs)
    const kibEach = (((await memoryMiB([server.pid])) - before) * 1024) / watchers
    const results: Round[] = []
    for (let round = 0; round < rounds; round += 1) {
      const started = performance.now()
      const told = nextEvent(all)
      sockets[0]?.send('go')
      await told
      if (round > 0) results.push({ lastMs: performance.now() - started, waitMs: 0 })
    }
    for (const opened of all) opened.close()
    return { kibEach, rounds: results }
  } finally {
    await server.stop()
  }
}
