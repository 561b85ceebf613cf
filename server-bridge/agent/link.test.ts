import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLogger } from '../lib/logger.ts'
import { AgentLinkServer } from '../testing/agent-link-server.ts'
import { createFakeClock, type FakeClock } from '../testing/fake-clock.ts'
import { createAgentLink, type AgentLink, type LinkTarget } from './link.ts'

let clock: FakeClock
let server: AgentLinkServer
let link: AgentLink | undefined
const refusals: number[] = []

beforeEach(async () => {
  clock = createFakeClock()
  server = await AgentLinkServer.listen()
  refusals.length = 0
})

afterEach(async () => {
  await server.close()
  await link?.close()
  link = undefined
  expect(clock.pending).toBe(0)
})

function dial(target: Partial<LinkTarget> = {}): AgentLink {
  link = createAgentLink({
    target: { serverUrl: target.serverUrl ?? server.url, agentToken: 'token' },
    clock,
    logger: silentLogger,
    random: () => 0.5,
    handle: (stream) => {
      stream.respond({ ':status': 200 })
      stream.end('here')
    },
    onRefused: (status) => refusals.push(status),
  })
  return link
}

/** Lets time pass in steps until `done` holds; sockets need real turns of the loop in between. */
async function passUntil(done: () => boolean, stepMs = 100): Promise<void> {
  while (!done()) {
    clock.advance(stepMs)
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test('serves the server that it dialled, with its token', async () => {
  dial()
  expect((await server.request('GET', '/')).body).toBe('here')
  expect(server.tokens).toEqual(['token'])
})

test('dials again after the link was lost', async () => {
  dial()
  await server.cut()
  await passUntil(() => server.tokens.length === 2)
  expect((await server.request('GET', '/')).body).toBe('here')
})

test('waits for a server that is not there yet', async () => {
  const { port } = server
  await server.close()
  dial({ serverUrl: `http://127.0.0.1:${port}` })
  await passUntil(() => clock.now() > 1_030_000)
  server = await AgentLinkServer.listen(port)
  await passUntil(() => server.tokens.length === 1)
  expect((await server.request('GET', '/')).body).toBe('here')
})

test('tries again when the server is busy, and gives up when it is disowned', async () => {
  server.refuseWith = 503
  dial()
  await passUntil(() => server.refusals >= 3)
  expect(refusals).toEqual([])
  server.refuseWith = 401
  await passUntil(() => refusals.length > 0)
  expect(refusals).toEqual([401])
})

test('gives up a link on which nothing is heard any more', async () => {
  const touched = dial()
  await server.session()
  clock.advance(16_000)
  touched.touch()
  clock.advance(16_000)
  expect(server.tokens).toHaveLength(1)
  await passUntil(() => server.tokens.length === 2, 1_000)
})

test('moves to another server at once', async () => {
  const moved = dial()
  await server.session()
  const second = await AgentLinkServer.listen()
  moved.retarget({ serverUrl: second.url, agentToken: randomUUID() })
  expect((await second.request('GET', '/')).body).toBe('here')
  await second.close()
})
