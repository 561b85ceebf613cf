/**
 * An MCP server through the header gateway: from a client on the workspace's port over the agent, SSH and the bridge
 * process to the server, beside the same client asking the same server directly. The same server through a tunnel of the
 * bridge tells how much of the distance is the way into the workspace, and how much the gateway.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { gatewayStateSchema } from '#bridge/contract/header-gateway'
import { createBearer } from '#bridge/lib/bearer'
import { ownProcess, type OwnedProcess } from '../e2e/fixtures/owned-process.ts'
import { startBenchBridge } from './bench-bridge.ts'
import { measurement, type Benchmark, type Measurement } from './benchmark.ts'
import {
  createWorkspace,
  startBenchDeployment,
  waitForAgent,
  type BenchDeployment,
} from './bench-deployment.ts'
import { median } from './statistics.ts'
import { openTunnel } from './tunnel.ts'

const rounds = 5
/**
 * A process that lives as long as the app compiles what runs often: below some hundred calls it is mostly that which is
 * measured. The first calls are a row of their own.
 */
const warmRounds = 5
const blocks = 8
/** The paths take turns after so many, so that all find the machine alike. */
const callsPerBlock = 10
/** One takes a third of a second, in which something else may happen. */
const floodsPerRound = 3
const floodEvents = 4000
const eventBytes = 1024
const headers = { 'X-Bench-Token': 'tok_3f9ac27d51e8b6' }

const serverProgram = fileURLToPath(new URL('mcp-server-program.ts', import.meta.url))

export const headerGateway: Benchmark = {
  name: 'header-gateway',
  about: 'tools of an MCP server through the header gateway, beside a direct connection',
  run: async (log) => {
    const ends: (() => Promise<void>)[] = []
    try {
      const deployment = await startBenchDeployment()
      ends.push(() => deployment.stop())
      const server = await startServer()
      ends.push(() => server.process.stop())
      const gateway = await openGateway(deployment, server.url)
      ends.push(gateway.close)
      const tunnel = await openPlainWay(deployment, gateway.workspaceId, server.url)
      ends.push(tunnel.close)
      const clients = {
        direct: await connect(server.url, headers),
        tunnel: await connect(tunnel.url, headers),
        through: await connect(gateway.url, { authorization: `Bearer ${gateway.bearer}` }),
      }
      for (const client of Object.values(clients)) ends.push(() => client.close())
      const samples = await measure(clients)
      log(pathNames.map((name) => `${name} ${samples[name].rates.map(Math.round).join(' ')} MB/s`).join(', '))
      log(pathNames.map((name) => `${name} ${median(samples[name].ms).toFixed(2)} ms`).join(', '))
      return judge(samples)
    } finally {
      for (const end of ends.toReversed()) await end()
    }
  },
}

const pathNames = ['direct', 'tunnel', 'through'] as const
type PathName = (typeof pathNames)[number]
type Samples = Record<PathName, { readonly cold: number[]; readonly ms: number[]; readonly rates: number[] }>

async function measure(clients: Readonly<Record<PathName, Client>>): Promise<Samples> {
  const empty = (): Samples[PathName] => ({ cold: [], ms: [], rates: [] })
  const samples: Samples = { direct: empty(), tunnel: empty(), through: empty() }
  for (let round = 0; round < warmRounds + rounds; round += 1) {
    for (let block = 0; block < blocks; block += 1) {
      for (const name of pathNames) {
        const times = await callTimes(clients[name])
        if (round === 0) samples[name].cold.push(...times)
        if (round >= warmRounds) samples[name].ms.push(...times)
      }
    }
    for (let flood = 0; flood < floodsPerRound; flood += 1) {
      for (const name of pathNames) {
        const mbPerSecond = await floodRate(clients[name])
        if (round >= warmRounds) samples[name].rates.push(mbPerSecond)
      }
    }
  }
  return samples
}

function judge({ direct, tunnel, through }: Samples): readonly Measurement[] {
  const added = (to: readonly number[], of: readonly number[]): number => median(of) - median(to)
  return [
    measurement({
      name: 'header gateway, added to a call (p50)',
      value: added(direct.ms, through.ms),
      unit: 'ms',
      limit: { of: 'value', atMost: 2 },
    }),
    measurement({
      name: 'header gateway, stream of events',
      value: median(through.rates),
      unit: 'MB/s',
      reference: median(direct.rates),
      limit: { of: 'ratio', atLeast: 0.8 },
    }),
    measurement({
      name: `header gateway, added to the first ${String(blocks * callsPerBlock)} calls (p50)`,
      value: added(direct.cold, through.cold),
      unit: 'ms',
    }),
    measurement({
      name: 'header gateway, added to a call through a tunnel (p50)',
      value: added(tunnel.ms, through.ms),
      unit: 'ms',
    }),
    measurement({
      name: 'header gateway, stream of events beside a tunnel',
      value: median(through.rates),
      unit: 'MB/s',
      reference: median(tunnel.rates),
    }),
  ]
}

async function startServer(): Promise<{ readonly url: string; readonly process: OwnedProcess }> {
  const child = spawn(process.execPath, ['--import', 'tsx', serverProgram], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const owned = ownProcess(child, 'the MCP server')
  return { url: await owned.firstLine(createInterface({ input: child.stdout })), process: owned }
}

async function openGateway(
  deployment: BenchDeployment,
  url: string,
): Promise<{
  readonly url: string
  readonly bearer: string
  readonly workspaceId: string
  readonly close: () => Promise<void>
}> {
  const { id: workspaceId } = await createWorkspace(deployment, 'gateway')
  await waitForAgent(deployment, workspaceId)
  const { child, process: bridge, say } = startBenchBridge(deployment)
  const bearer = createBearer()
  const port = nextPort(child)
  say({
    type: 'open-gateway',
    gatewayId: 'bench',
    deploymentId: 'bench',
    workspaceId,
    name: 'bench',
    target: { url, transport: 'streamable_http', headers },
    bearer,
    port: 29_500,
  })
  return {
    url: `http://127.0.0.1:${String(await port)}/mcp`,
    bearer,
    workspaceId,
    close: () => bridge.stop(),
  }
}

/** The same way into the workspace with nothing on it but bytes. */
async function openPlainWay(
  deployment: BenchDeployment,
  workspaceId: string,
  url: string,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const targetPort = Number(new URL(url).port)
  const { port, bridge } = await openTunnel(deployment, workspaceId, { kind: 'remote', targetPort })
  return { url: `http://127.0.0.1:${String(port)}/mcp`, close: () => bridge.stop() }
}

function nextPort(bridge: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    bridge.on('message', (raw) => {
      const parsed = gatewayStateSchema.safeParse(raw)
      if (!parsed.success) return
      const { connection } = parsed.data
      if (connection.kind === 'open') resolve(connection.port)
      if (connection.kind === 'failed') reject(new Error(connection.reason))
    })
    bridge.once('exit', () => {
      reject(new Error('The bridge ended.'))
    })
  })
}

async function connect(url: string, given: Readonly<Record<string, string>>): Promise<Client> {
  const client = new Client({ name: 'bench', version: '1.0.0' })
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: given } }))
  return client
}

/** Milliseconds of each call, one after the other. */
async function callTimes(client: Client): Promise<readonly number[]> {
  const times: number[] = []
  // The gateway takes 1,200 requests a minute.
  for (let call = 0; call < callsPerBlock; call += 1) {
    const started = performance.now()
    await client.callTool({ name: 'echo', arguments: { text: 'hello' } })
    times.push(performance.now() - started)
  }
  return times
}

async function floodRate(client: Client): Promise<number> {
  let bytes = 0
  client.setNotificationHandler('notifications/message', ({ params }) => {
    bytes += String(params.data).length
  })
  const started = performance.now()
  await client.callTool({ name: 'flood', arguments: { count: floodEvents, size: eventBytes } })
  const seconds = (performance.now() - started) / 1000
  if (bytes !== floodEvents * eventBytes) throw new Error(`${String(bytes)} bytes of events came.`)
  return bytes / 1e6 / seconds
}
