import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { createTurnCache } from '../../lib/turn-cache.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { createRecentLogRows } from '../services/recent-log-rows.ts'
import { createTopics } from '../services/topics.ts'
import { type Batch, followRows } from './follow-rows.ts'

type Row = { id: number; created_at: string; output: string; level: string; source_id: string }

let server: WebSocketServer
beforeEach(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
  await once(server, 'listening')
})
afterEach(() => {
  for (const client of server.clients) client.terminate()
  server.close()
})

/** A log in memory that counts how often it is read as the database would be. */
function createLog() {
  const topic = createTopics().agentLogs
  const recent = createRecentLogRows()
  const batches = createTurnCache<Batch<Row>>()
  const rows: Row[] = []
  const log = { reads: 0, isDone: false }
  return {
    log,
    topic,
    write(outputs: readonly string[]) {
      const previousId = rows.at(-1)?.id ?? 0
      // Rows of others lie between those of one.
      const kept = outputs.map((output, index) => ({
        id: previousId + 3 + index * 2,
        created_at: '2026-01-01T00:00:00.000Z',
        output,
        level: 'info',
        source_id: '',
      }))
      rows.push(...kept)
      const lastId = kept.at(-1)?.id ?? previousId
      recent.add('a', { previousId, lastId, rows: () => kept }, () => topic.publish('a'))
    },
    follow: (socket: WebSocket, after = 0) =>
      followRows(socket, {
        topic,
        topicId: 'a',
        read(last) {
          log.reads += 1
          return rows.filter(({ id }) => id > last)
        },
        after,
        framing: 'array',
        batches,
        recent: (last) => recent.next('a', last),
        isDone: () => log.isDone,
      }),
    ids: () => rows.map(({ id }) => id),
  }
}

/** Both ends of a connection, and the ids that came. */
async function connect() {
  const accepted = once(server, 'connection') as Promise<[WebSocket]>
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, {
    perMessageDeflate: false,
  })
  const ids: number[] = []
  client.on('message', (data: Buffer) => {
    ids.push(...(JSON.parse(data.toString()) as Row[]).map(({ id }) => id))
  })
  const closed = once(client, 'close')
  const [[socket]] = await Promise.all([accepted, once(client, 'open')])
  return { socket, client, ids, closed }
}

it('sends what is new from memory to all that wait, after what was there before', async () => {
  const { write, follow, log, topic, ids } = createLog()
  write(['old', 'older'])
  const readers = [await connect(), await connect()]
  for (const { socket } of readers) follow(socket)
  const late = await connect()
  follow(late.socket, ids()[0])
  expect(log.reads).toBe(3)
  for (let batch = 0; batch < 5; batch += 1) {
    write(['one'])
    // Two in a turn.
    if (batch % 2 === 0) write(['two', 'three'])
    await nextTurn()
  }
  expect(log.reads).toBe(3)
  log.isDone = true
  write(['last'])
  topic.publish('a')
  await Promise.all([...readers, late].map(({ closed }) => closed))
  for (const reader of readers) expect(reader.ids).toEqual(ids())
  expect(late.ids).toEqual(ids().slice(1))
})

it('holds little for one who lags, who then gets from the database what it missed, once', async () => {
  const { write, follow, log, ids } = createLog()
  const slow = await connect()
  const quick = await connect()
  follow(slow.socket)
  follow(quick.socket)
  slow.client.pause()
  const piece = 'x'.repeat(256 * 1024)
  let held = 0
  // More than the system itself holds for a connection.
  for (let written = 0; written < 100; written += 1) {
    write([piece])
    await waitFor('the quick one', () => (quick.ids.length > written ? true : undefined))
    held = Math.max(held, slow.socket.bufferedAmount)
  }
  expect(held).toBeGreaterThan(1024 * 1024)
  expect(held).toBeLessThan(4 * 1024 * 1024)
  expect(log.reads).toBe(2)
  slow.client.resume()
  await waitFor('the slow one', () => (slow.ids.length >= 100 ? true : undefined))
  expect(log.reads).toBeGreaterThan(2)
  const before = log.reads
  write(['now in step again'])
  await waitFor('the last', () => (slow.ids.length > 100 ? true : undefined))
  expect(log.reads).toBe(before)
  expect(slow.ids).toEqual(ids())
  expect(quick.ids).toEqual(ids())
})
