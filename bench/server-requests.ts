/**
 * Requests of the local deployment, beside a Node HTTP server that answers as many bytes and does nothing for them, and
 * beside the same deployment with few workspaces: what a page costs must not depend on what is not on it.
 */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { createCoderClient } from '#bridge/client/coder-client'
import { workspacesRoutes } from '#bridge/contract/workspaces'
import { ownProcess } from '../e2e/fixtures/owned-process.ts'
import { measurement, type Benchmark, type Measurement } from './benchmark.ts'
import { measureLoad, type LoadResult, type LoadTarget } from './request-load.ts'
import { withSeededServer, type SeededServer } from './seeded-server.ts'

// Those that run are shown first, with their agents and apps.
const many = { workspaces: 1000, running: 300, withHistory: true }
const few = { workspaces: 10, running: 10, withHistory: false }
const durationMs = 3_000
const sameBytes =
  "const body=Buffer.alloc(Number(process.argv[1]),'x');require('node:http').createServer((_,a)=>{a.setHeader('content-type','application/json');a.end(body)}).listen(0,'127.0.0.1',function(){console.log(this.address().port);process.on('SIGTERM',()=>process.exit())})"

/** What is asked, by the name it has in the results. */
const questions: Readonly<Record<string, (workspace: string) => string>> = {
  'page of 25': () => 'workspaces?limit=25',
  'search of 25': () => `workspaces?limit=25&q=${encodeURIComponent('owner:me status:running')}`,
  'page of 25 at its end': () => 'workspaces?limit=25&offset=975',
  'one workspace': (id) => `workspaces/${id}`,
}
/** The same rows whatever else is there. */
const grows: Readonly<Record<string, (workspace: string) => string>> = {
  'page of 10': () => 'workspaces?limit=10',
  'one workspace': (id) => `workspaces/${id}`,
}

export const serverRequests: Benchmark = {
  name: 'server-requests',
  about: 'lists and single workspaces of a deployment with 1,000 workspaces',
  run: async (log) => {
    const costOfFew = await withSeededServer(few, costs)
    return await withSeededServer(many, async (server) => [
      ...(await questionsOf(server, log)),
      ...growth(await costs(server), costOfFew),
    ])
  },
}

async function questionsOf(server: SeededServer, log: (line: string) => void): Promise<Measurement[]> {
  const workspace = await firstWorkspace(server)
  const results: Measurement[] = []
  for (const [name, pathOf] of Object.entries(questions)) {
    for (const clients of [1, 16]) {
      const ours = await measureLoad(targetOf(server, pathOf(workspace)), { clients, durationMs })
      const reference = await measureReference(ours.bytes, clients)
      log(
        `${name}, ${String(clients)} at once: ${String(ours.bytes)} bytes, ${ours.cpuMs.toFixed(2)} ms of processor time (reference ${reference.cpuMs.toFixed(2)})`,
      )
      results.push(...judged(`${name}, ${String(clients)} at once`, ours, reference))
    }
  }
  return results
}

function judged(name: string, ours: LoadResult, reference: LoadResult): Measurement[] {
  return [
    measurement({
      name: `${name}, requests`,
      value: ours.perSecond,
      unit: '1/s',
      reference: reference.perSecond,
    }),
    measurement({ name: `${name}, p99`, value: ours.p99Ms, unit: 'ms', reference: reference.p99Ms }),
  ]
}

type Costs = Readonly<Record<string, LoadResult>>

async function costs(server: SeededServer): Promise<Costs> {
  const workspace = await firstWorkspace(server)
  const entries: [string, LoadResult][] = []
  for (const [name, pathOf] of Object.entries(grows)) {
    entries.push([
      name,
      await measureLoad(targetOf(server, pathOf(workspace)), { clients: 1, durationMs: durationMs * 2 }),
    ])
  }
  return Object.fromEntries(entries)
}

/** By the server's processor time, as the two deployments are measured one after the other. */
function growth(costOfMany: Costs, costOfFew: Costs): Measurement[] {
  return Object.entries(costOfMany).map(([name, { cpuMs }]) =>
    measurement({
      name: `${name}, processor time with 1,000 workspaces by that with 10`,
      value: cpuMs,
      unit: 'ms',
      reference: costOfFew[name]?.cpuMs ?? 0,
      limit: { of: 'ratio', atMost: 1.5 },
    }),
  )
}

function targetOf({ url, pid, token }: SeededServer, route: string): LoadTarget {
  return { url: `${url}/api/v2/${route}`, pid, headers: { 'Coder-Session-Token': token } }
}

async function firstWorkspace({ url, token }: SeededServer): Promise<string> {
  const client = createCoderClient({ baseUrl: url, token })
  const { workspaces } = await client.call(workspacesRoutes.list, {
    query: { limit: 1, q: 'status:running' },
  })
  const [workspace] = workspaces
  if (!workspace) throw new Error('There are no workspaces.')
  return workspace.id
}

async function measureReference(bytes: number, clients: number): Promise<LoadResult> {
  const child = spawn(process.execPath, ['-e', sameBytes, String(bytes)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const server = ownProcess(child, 'the reference')
  try {
    const port = await server.firstLine(createInterface({ input: child.stdout }))
    return await measureLoad(
      { url: `http://127.0.0.1:${port}/`, pid: server.pid, headers: {} },
      { clients, durationMs },
    )
  } finally {
    await server.stop()
  }
}
