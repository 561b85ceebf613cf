/** Requests of some clients at once, each on a connection of its own that it keeps. */
import { Agent, get } from 'node:http'
import { cpuSeconds } from './usage.ts'
import { percentile } from './statistics.ts'

export interface LoadTarget {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Of the server, whose processor time is read. */
  readonly pid: number
}

export interface LoadResult {
  readonly perSecond: number
  readonly p99Ms: number
  /** Of the server, for one request: what other work on the machine changes least. */
  readonly cpuMs: number
  /** Of one answer's body. */
  readonly bytes: number
}

/** Asks for `target` for `durationMs`, after a tenth of that which does not count. @throws for an answer but 200. */
export async function measureLoad(
  target: LoadTarget,
  { clients, durationMs }: { readonly clients: number; readonly durationMs: number },
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients })
  try {
    await run(target, agent, clients, durationMs / 10)
    const cpuBefore = await cpuSeconds([target.pid])
    const started = performance.now()
    const { samples, bytes } = await run(target, agent, clients, durationMs)
    const seconds = (performance.now() - started) / 1000
    const cpu = (await cpuSeconds([target.pid])) - cpuBefore
    return {
      perSecond: samples.length / seconds,
      p99Ms: percentile(samples, 0.99),
      cpuMs: (cpu * 1000) / samples.length,
      bytes,
    }
  } finally {
    agent.destroy()
  }
}

async function run(
  target: LoadTarget,
  agent: Agent,
  clients: number,
  durationMs: number,
): Promise<{ samples: number[]; bytes: number }> {
  const samples: number[] = []
  let bytes = 0
  const deadline = performance.now() + durationMs
  const client = async (): Promise<void> => {
    do {
      const started = performance.now()
      bytes = await request(target, agent)
      samples.push(performance.now() - started)
    } while (performance.now() < deadline)
  }
  await Promise.all(Array.from({ length: clients }, client))
  return { samples, bytes }
}

async function request({ url, headers }: LoadTarget, agent: Agent): Promise<number> {
  return await new Promise((resolve, reject) => {
    get(url, { agent, headers }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => (bytes += chunk.byteLength))
      response.once('error', reject)
      response.once('end', () => {
        if (response.statusCode === 200) resolve(bytes)
        else reject(new Error(`${url} answered ${String(response.statusCode)}.`))
      })
    }).once('error', reject)
  })
}
