import { expect, it } from 'vitest'
import { createFakeClock } from '../../../testing/fake-clock.ts'
import type { McpServerRow } from '../mcp/server-secrets.ts'
import type { ChatRow } from './chat-rows.ts'
import { openMcpServer } from './open-mcp-server.ts'

const row = { id: 'm', slug: 'slow', display_name: 'Slow', enabled: 1 } as McpServerRow
const chat = { id: 'c', owner_id: 'u', plan_mode: '', mcp_server_ids: '["m"]' } as ChatRow

/** A server whose user's token is never renewed. */
function open(signal: AbortSignal) {
  const clock = createFakeClock()
  const never = new Promise<never>(() => undefined)
  const mcp = { servers: { list: () => [row] }, requestHeaders: () => never } as never
  return { clock, opened: openMcpServer({ mcp, clock }, { chat, row }, signal) }
}

it('a server whose token takes too long is given up', async () => {
  const { clock, opened } = open(new AbortController().signal)
  clock.advance(10_000)
  await expect(opened).rejects.toThrow('It did not answer in time.')
  expect(clock.pending).toBe(0)
})

it('a stop does not wait for the token of a server', async () => {
  const stop = new AbortController()
  const { clock, opened } = open(stop.signal)
  stop.abort(new Error('stopped'))
  await expect(opened).rejects.toThrow('stopped')
  expect(clock.pending).toBe(0)
})
