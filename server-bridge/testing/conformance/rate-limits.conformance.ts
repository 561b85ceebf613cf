/** Routes with limits of their own, and those whose contract says so, answer 429 to a flood. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { fillPath, type RouteDefinition } from '../../contract/route.ts'
import { chatMessagesRoutes } from '../../contract/chats-messages.ts'
import { rateLimits } from '../../server/http/rate-limiter.ts'
import { createFakeClock } from '../fake-clock.ts'
import { type RawAnswer, rawRequest } from '../raw-request.ts'
import { startTestServer, type TestServer } from '../start-server.ts'

let server: TestServer
let headers: Record<string, string>

/** Calls at a time. */
const BATCH = 32
const limitOf = ({ rate = 'api' }: RouteDefinition): number => rateLimits[rate]

const clock = createFakeClock(Date.now())

beforeAll(async () => {
  // The window slides: only while time stands still it is known how many calls it has room for.
  server = await startTestServer({ disableRateLimits: false, clock })
  headers = { 'coder-session-token': await server.deployment.mintOwnerSession('Ada Lovelace') }
})
afterAll(() => server.close())

/** The answers to all calls a minute has room for, and to one more. */
async function flood(route: RouteDefinition): Promise<{ before: RawAnswer[]; refused: RawAnswer }> {
  const path = fillPath(route.path, { file: '00000000-0000-4000-8000-00000000abcd' })
  const call = () => rawRequest(server.url + path, { method: route.method, headers })
  const before: RawAnswer[] = []
  while (before.length < limitOf(route)) {
    const batch = Math.min(BATCH, limitOf(route) - before.length)
    before.push(...(await Promise.all(Array.from({ length: batch }, call))))
  }
  return { before, refused: await call() }
}

it('a flood is refused on every route that says so', async () => {
  const limited = server.deployment.routes.filter(
    // A chat refuses messages by the length of its queue.
    (route) => route.errors.includes(429) && route.path !== chatMessagesRoutes.send.path,
  )
  expect(limited.length).toBeGreaterThan(5)
  for (const route of limited) {
    // Some routes share a window, and the one before counts in part.
    clock.advance(2 * 60_000)
    const { before, refused } = await flood(route)
    expect([route.path, before.filter(({ status }) => status === 429)]).toEqual([route.path, []])
    expect([route.path, refused.status, refused.headers]).toEqual([
      route.path,
      429,
      expect.objectContaining({
        'x-ratelimit-limit': String(limitOf(route)),
        'x-ratelimit-remaining': '0',
        'retry-after': '60',
      }),
    ])
  }
})
