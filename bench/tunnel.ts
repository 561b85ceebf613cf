/**
 * A tunnel of the bridge beside `ssh -L` of OpenSSH through our proxy command: to the same agent, with the same cipher,
 * by turns. One stream each way, and many small connections.
 */
import type { ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { tunnelStateSchema } from '#bridge/contract/tunnels'
import type { OwnedProcess } from '../e2e/fixtures/owned-process.ts'
import { freePort } from '../server-bridge/testing/echo-server.ts'
import { createOpenSshClient } from '../server-bridge/testing/open-ssh.ts'
import { startBenchBridge } from './bench-bridge.ts'
import { measurement, type Benchmark, type Measurement } from './benchmark.ts'
import {
  createWorkspace,
  startBenchDeployment,
  waitForAgent,
  type BenchDeployment,
} from './bench-deployment.ts'
import { median, percentile } from './statistics.ts'

const rounds = 5
const streamBytes = 100 * 1024 * 1024
const smallConnections = 200
const atATime = 20
/** What the bridge asks for first. */
const cipher = 'aes128-gcm@openssh.com'

interface Samples {
  readonly down: number[]
  readonly up: number[]
  readonly small: number[]
}

export const tunnel: Benchmark = {
  name: 'tunnel',
  about: 'a tunnel of the bridge, beside OpenSSH to the same agent with the same cipher',
  run: async (log) => {
    const ends: (() => unknown)[] = []
    try {
      const deployment = await startBenchDeployment()
      ends.push(() => deployment.stop())
      const target = await startTarget()
      ends.push(() => target.server.close())
      const { id } = await createWorkspace(deployment, 'tunnel')
      await waitForAgent(deployment, id)
      const ours = await openTunnel(deployment, id, { kind: 'local', targetPort: target.port })
      ends.push(() => ours.bridge.stop())
      const reference = await forwardByOpenSsh(deployment, target.port)
      ends.push(reference.close)
      const samples = await measure({ ours: ours.port, reference: reference.port })
      log(`MB/s down ours ${words(samples.ours.down)}, ssh ${words(samples.reference.down)}`)
      log(`MB/s up   ours ${words(samples.ours.up)}, ssh ${words(samples.reference.up)}`)
      return judge(samples)
    } finally {
      for (const end of ends.toReversed()) await end()
    }
  },
}

type BothSamples = Record<'ours' | 'reference', Samples>

async function measure(ports: Record<'ours' | 'reference', number>): Promise<BothSamples> {
  const samples: BothSamples = {
    ours: { down: [], up: [], small: [] },
    reference: { down: [], up: [], small: [] },
  }
  for (let round = 0; round <= rounds; round += 1) {
    // Who begins changes, so that neither always finds the machine as the other left it.
    const order = round % 2 === 0 ? (['ours', 'reference'] as const) : (['reference', 'ours'] as const)
    for (const name of order) {
      const down = await streamRate(ports[name], 'down')
      const up = await streamRate(ports[name], 'up')
      const small = await smallTimes(ports[name])
      // The first round warms both.
      if (round === 0) continue
      samples[name].down.push(down)
      samples[name].up.push(up)
      samples[name].small.push(...small)
    }
  }
  return samples
}

function judge({ ours, reference }: BothSamples): readonly Measurement[] {
  const stream = (way: 'down' | 'up'): Measurement =>
    measurement({
      name: `tunnel, one stream ${way}`,
      value: median(ours[way]),
      unit: 'MB/s',
      reference: median(reference[way]),
      limit: { of: 'ratio', atLeast: 0.9 },
    })
  return [
    stream('down'),
    stream('up'),
    measurement({
      name: `tunnel, ${String(smallConnections)} small connections (p99)`,
      value: percentile(ours.small, 0.99),
      unit: 'ms',
      reference: percentile(reference.small, 0.99),
      limit: { of: 'ratio', atMost: 1.5 },
    }),
    measurement({
      name: 'tunnel, … p50',
      value: median(ours.small),
      unit: 'ms',
      reference: median(reference.small),
    }),
  ]
}

const words = (rates: readonly number[]): string => rates.map(Math.round).join(' ')

/** Answers `d` with a stream, `u` and a stream with one byte at its end, and anything else with as much. */
async function startTarget(): Promise<{ readonly server: Server; readonly port: number }> {
  const block = Buffer.alloc(64 * 1024, 'x')
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (first: Buffer) => {
      if (first[0] === 'd'.charCodeAt(0)) sendAll(socket, block)
      else if (first[0] === 'u'.charCodeAt(0)) {
        socket.on('data', () => undefined)
        socket.once('end', () => socket.end('k'))
      } else socket.end(first)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

function sendAll(socket: Socket, block: Buffer): void {
  let left = streamBytes
  const push = (): void => {
    while (left > 0) {
      left -= block.length
      if (!socket.write(block)) return
    }
    socket.end()
  }
  socket.on('drain', push)
  push()
}

/** MB a second of one stream through a port of this machine. */
async function streamRate(port: number, way: 'down' | 'up'): Promise<number> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  await once(socket, 'connect')
  let received = 0
  socket.on('data', (chunk: Buffer) => (received += chunk.length))
  const started = performance.now()
  socket.write(way === 'down' ? 'd' : 'u')
  if (way === 'up') sendAll(socket, Buffer.alloc(64 * 1024, 'x'))
  await once(socket, 'end')
  const seconds = (performance.now() - started) / 1000
  socket.destroy()
  const wanted = way === 'down' ? streamBytes : 1
  if (received !== wanted) throw new Error(`${String(received)} bytes came ${way}, not ${String(wanted)}.`)
  return streamBytes / 1e6 / seconds
}

/** Milliseconds from the connect to the end of each small connection. */
async function smallTimes(port: number): Promise<readonly number[]> {
  const times: number[] = []
  let begun = 0
  const work = async (): Promise<void> => {
    while (begun < smallConnections) {
      begun += 1
      const started = performance.now()
      const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
      socket.write(Buffer.alloc(512, 'e'))
      socket.resume()
      await once(socket, 'end')
      times.push(performance.now() - started)
      socket.end()
      await once(socket, 'close')
    }
  }
  await Promise.all(Array.from({ length: atATime }, work))
  return times
}

/** A tunnel between a workspace and this computer, by a bridge process of its own. */
export async function openTunnel(
  deployment: BenchDeployment,
  workspaceId: string,
  { kind, targetPort }: { readonly kind: 'local' | 'remote'; readonly targetPort: number },
): Promise<{ readonly port: number; readonly bridge: OwnedProcess }> {
  const { child, process: bridge, say } = startBenchBridge(deployment)
  const port = await freePort()
  const opened = tunnelOpened(child)
  say({
    type: 'open-tunnel',
    tunnelId: randomUUID(),
    deploymentId: 'bench',
    workspaceId,
    agentName: null,
    kind,
    listen: { kind: 'tcp', host: '127.0.0.1', port },
    anyPort: false,
    target: { kind: 'tcp', host: '127.0.0.1', port: targetPort },
    certificate: null,
  })
  await opened
  return { port, bridge }
}

/** Resolves when a tunnel of the bridge is open, and rejects when it never will be. */
function tunnelOpened(bridge: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    bridge.on('message', (raw) => {
      const parsed = tunnelStateSchema.safeParse(raw)
      if (!parsed.success) return
      const { connection } = parsed.data
      if (connection.kind === 'open') resolve()
      if (connection.kind === 'failed') reject(new Error(connection.reason))
    })
    bridge.once('exit', () => {
      reject(new Error('The bridge ended.'))
    })
  })
}

async function forwardByOpenSsh(
  deployment: BenchDeployment,
  targetPort: number,
): Promise<{ readonly port: number; readonly close: () => Promise<void> }> {
  const ssh = await createOpenSshClient({ url: deployment.url, token: deployment.token })
  const host = 'coder.tunnel'
  const control = await ssh.share(host, ['-o', `Ciphers=${cipher}`])
  const port = await freePort()
  const forward = `${String(port)}:127.0.0.1:${String(targetPort)}`
  const { code, stderr } = await ssh.run('ssh', [...control, '-O', 'forward', '-L', forward, host])
  if (code !== 0) throw new Error(`ssh does not forward: ${stderr}`)
  return { port, close: ssh.close }
}
