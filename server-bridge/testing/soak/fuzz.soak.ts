import { afterEach, expect, it } from 'vitest'
import { responseSchema } from '../../contract/response.ts'
import type { RouteDefinition } from '../../contract/route.ts'
import { createChildProcessHost } from '../../lib/child-process-host.ts'
import { silentLogger } from '../../lib/logger.ts'
import type { HostedProcess, ProcessHost } from '../../lib/process-host.ts'
import { createSeededRandom, type SeededRandom } from '../seeded-random.ts'
import { startTestServer, type TestServer } from '../start-server.ts'
import { createRunningWorkspace, createTemplate } from '../workspace-actions.ts'
import { type FuzzAnswer, type FuzzRequest, makeRequest, sendPlain, sendSocket } from './fuzz-request.ts'
import { createFuzzValues, type FuzzValues } from './fuzz-values.ts'

const FULL = process.env['SOAK'] === 'full'
const REQUESTS = FULL ? 30_000 : 800
/** A world wears out: requests that succeed delete what the next ones would have found. */
const REQUESTS_A_WORLD = FULL ? 1_000 : 800
const SEED = Number(process.env['SOAK_SEED'] ?? (FULL ? Date.now() % 1_000_000 : 20_261))
const AT_ONCE = 8
/** Share of requests, as with every seed so far: an eighth succeeds. */
const MIN_SUCCEEDED = 0.08
/** Only a body that is refused before all of it was sent may end without an answer. */
const MAX_UNANSWERED = 0.01

interface World {
  readonly server: TestServer
  readonly port: number
  readonly values: FuzzValues
  /** A fresh credential each time: some requests end the one they are signed with. */
  token(who: 'owner' | 'member'): string
  readonly errors: string[]
}

let world: World | undefined
afterEach(async () => {
  await world?.server.close()
})

/** One real agent, so that its routes have something to reach; whatever else is started never comes up. */
function hostOfOne(): ProcessHost {
  const real = createChildProcessHost({ environment: process.env })
  let spawned = 0
  return {
    spawn(entry) {
      spawned += 1
      return spawned === 1 ? real.spawn(entry) : deadProcess()
    },
  }
}

function deadProcess(): HostedProcess {
  const listeners = new Set<(code: number | null) => void>()
  return {
    pid: undefined,
    post: () => {
      for (const listener of listeners) listener(1)
    },
    kill: () => {
      for (const listener of listeners) listener(1)
    },
    onMessage: () => () => undefined,
    onExit(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

async function createWorld(random: SeededRandom): Promise<World> {
  const errors: string[] = []
  const server = await startTestServer({
    processHost: hostOfOne(),
    logger: {
      ...silentLogger,
      error: (message, fields) => errors.push(`${message} ${JSON.stringify(fields)}`),
    },
  })
  // Nobody turns the power off here, and what is measured is not the disk.
  server.deployment.database.script('PRAGMA synchronous = OFF')
  const client = await server.ownerClient()
  const template = await createTemplate(client, 'small')
  const { workspace, agent } = await createRunningWorkspace(client, template, 'fuzzed')
  await server.memberClient('bob')
  const { accounts, sessions } = server.deployment.services
  const owner = accounts.owner()
  const member = accounts.findByEmail('bob@example.com')
  if (!owner || !member) throw new Error('The accounts are not there.')
  const known = [
    ...[owner.id, owner.username, member.id, 'bob', 'me'],
    ...[workspace.id, workspace.name, workspace.latest_build.id, '1', agent.id],
    ...[template.id, template.name, template.active_version_id, template.organization_id, 'default', 'coder'],
  ]
  return {
    server,
    port: Number(new URL(server.url).port),
    values: createFuzzValues(random, known),
    token: (who) => sessions.create((who === 'owner' ? owner : member).id, { loginType: 'password' }).token,
    errors,
  }
}

/** What is wrong with the answer, if anything. */
function problemOf(answer: FuzzAnswer, request: FuzzRequest): string | undefined {
  const { status, headers, text } = answer
  if (status >= 500) return `status ${status}`
  if (status < 400 || status === 0 || request.method === 'HEAD') return undefined
  if (headers['x-coder-request-id'] === undefined) {
    // What is no HTTP to Node never reaches a route.
    return status === 400 || status === 417 || status === 431 ? undefined : 'an answer that is not ours'
  }
  const type = headers['content-type'] ?? ''
  if (/^text\/(plain|html); charset=utf-8$/.test(type)) return undefined
  if (type !== 'application/json; charset=utf-8') return `the content type ${type}`
  const parsed = responseSchema.strict().safeParse(JSON.parse(text))
  return parsed.success && parsed.data.message !== '' ? undefined : `an error of another shape: ${text}`
}

function messagesFor(random: SeededRandom, values: FuzzValues): (string | Uint8Array)[] {
  return Array.from({ length: random.below(4) }, () =>
    random.pick<() => string | Uint8Array>([
      values.hostileText,
      () => Buffer.from('{"data":"exit\\r","height":-1,"width":1e9}'),
      () => Buffer.from('{"height":99999999,"width":0}'),
      () => Buffer.from([0, 255, 1, 2]),
      () => '[[[[',
    ])(),
  )
}

function describeRequest(
  route: RouteDefinition,
  { method, path, headers, body, isSocket }: FuzzRequest,
): string {
  const sent = typeof body === 'string' ? body.slice(0, 500) : body === undefined ? 'nothing' : 'bytes'
  const named = Object.keys(headers).join(', ')
  return `${isSocket ? 'socket ' : ''}${method} ${path.slice(0, 500)} (${route.path}), headers ${named}, body ${sent}`
}

async function fuzzOne(here: World, route: RouteDefinition, random: SeededRandom): Promise<number> {
  const who = random.pick(['owner', 'owner', 'member', 'nobody'] as const)
  const token = who === 'nobody' ? undefined : here.token(who)
  const request = makeRequest(route, here.values, random, token)
  const messages = messagesFor(random, here.values)
  const fail = (problem: string): never => {
    throw new Error(`${problem} from ${who}: ${describeRequest(route, request)}\n${here.errors.join('\n')}`)
  }
  try {
    const answer = await (request.isSocket
      ? sendSocket(here.port, request, messages)
      : sendPlain(here.port, request))
    const problem = problemOf(answer, request)
    return problem === undefined ? answer.status : fail(problem)
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

it(`no request ends in a crash, a hang or an error without a shape (seed ${SEED})`, async () => {
  const random = createSeededRandom(SEED)
  const statuses = new Map<number, number>()
  let sent = 0
  while (sent < REQUESTS) {
    const here = await createWorld(random)
    world = here
    const { routes } = here.server.deployment
    const lanes = Array.from({ length: AT_ONCE }, async (_, lane) => {
      const own = random.fork()
      for (let at = lane; at < REQUESTS_A_WORLD; at += AT_ONCE) {
        const route = routes[(sent + at) % routes.length]!
        const status = await fuzzOne(here, route, own)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }
    })
    await Promise.all(lanes)
    sent += REQUESTS_A_WORLD
    expect((await sendPlain(here.port, healthCheck)).text).toBe('OK')
    expect(here.errors).toEqual([])
    await here.server.close()
    world = undefined
  }
  const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`)
  const summary = `${sent} requests; ${counts.join(', ')}`
  if (FULL) process.stdout.write(`${summary}\n`)
  // Requests that are all refused at the door prove nothing about what is behind it.
  const count = (matches: (status: number) => boolean): number =>
    [...statuses].reduce((sum, [status, times]) => sum + (matches(status) ? times : 0), 0)
  expect(count((status) => status >= 200 && status < 300) / sent, summary).toBeGreaterThan(MIN_SUCCEEDED)
  expect(
    count((status) => status === 101),
    summary,
  ).toBeGreaterThan(0)
  expect(count((status) => status === 0) / sent, summary).toBeLessThanOrEqual(MAX_UNANSWERED)
})

const healthCheck: FuzzRequest = {
  method: 'GET',
  path: '/healthz',
  headers: {},
  body: undefined,
  isSocket: false,
}
