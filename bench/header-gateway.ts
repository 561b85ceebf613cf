/**
 * An MCP server through the header gateway: from a client on the workspace's port over the agent, SSH and the bridge
 * process to the server, beside the same client asking the same server directly.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { gatewayStateSchema } from '#bridge/contract/header-gateway'
import { createBearer } from '#bridge/lib/bearer'
import { ownProcess, type OwnedProcess } from '../e2e/fixtures/owned-process.ts'
import { startBenchBridge } from './bench-bridge.ts'
import { measurement, type Benchmark } from './benchmark.ts'
import {
  createWorkspace,
  startBenchDeployment,
  waitForAgent,
  type BenchDeployment,
} from './bench-deployment.ts'
import { median } from './statistics.ts'

const calls = 300
const rounds = 5
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
      const direct = await connect(server.url, headers)
      ends.push(() => direct.close())
      const through = await connect(gateway.url, { authorization: `Bearer ${gateway.bearer}` })
      ends.push(() => through.close())
      const latency = { direct: [] as number[], through: [] as number[] }
      const rate = { direct: [] as number[], through: [] as number[] }
      for (let round = 0; round <= rounds; round += 1) {
        for (const [name, client] of [
          ['direct', direct],
          ['through', through],
        ] as const) {
          const ms = await callTimes(client)
          const mbPerSecond = await floodRate(client)
          // The first round warms both.
          if (round === 0) continue
          latency[name].push(...ms)
          rate[name].push(mbPerSecond)
        }
      }
      log(
        `MB/s direct ${rate.direct.map(Math.round).join(' ')}, through ${rate.through.map(Math.round).join(' ')}`,
      )
      const [directMs, throughMs] = [median(latency.direct), median(latency.through)]
      log(`a call: direct ${directMs.toFixed(2)} ms, through ${throughMs.toFixed(2)} ms`)
      return [
        measurement({
          name: 'header gateway, added to a call (p50)',
          value: throughMs - directMs,
          unit: 'ms',
          limit: { of: 'value', atMost: 2 },
        }),
        measurement({
          name: 'header gateway, stream of events',
          value: median(rate.through),
          unit: 'MB/s',
          reference: median(rate.direct),
          limit: { of: 'ratio', atLeast: 0.8 },
        }),
      ]
    } finally {
      for (const end of ends.toReversed()) await end()
    }
  },
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
): Promise<{ readonly url: string; readonly bearer: string; close(): Promise<void> }> {
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
  return { url: `http://127.0.0.1:${String(await port)}/mcp`, bearer, close: () => bridge.stop() }
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
  for (let call = 0; call < calls / rounds; call += 1) {
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
