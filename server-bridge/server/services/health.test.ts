import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { provisionerDaemonSchema } from '../../contract/provisioners.ts'
import { createFakeClock, type FakeClock } from '../../testing/fake-clock.ts'
import { waitFor } from '../../testing/wait-for.ts'
import { openDatabase, type OpenedDatabase } from '../db/open-database.ts'
import { createHealth, type Health } from './health.ts'

const LIMIT_MS = 30_000
const noUuid = '00000000-0000-0000-0000-000000000000'
const daemon = provisionerDaemonSchema.parse({
  id: noUuid,
  organization_id: noUuid,
  key_id: noUuid,
  created_at: '2026-01-01T00:00:00Z',
})

let folder: string
let db: OpenedDatabase
let clock: FakeClock
let health: Health
/** What the address of the deployment leads to: it takes requests and answers when it is told to. */
let front: Server
const waiting: ServerResponse[] = []
const upgrades: Duplex[] = []
const connections = new Set<Socket>()

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-health-'))
  db = openDatabase(folder)
  clock = createFakeClock(Date.parse('2026-01-01T00:00:00Z'))
  front = createServer((_, response) => waiting.push(response))
  front.on('connection', (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  // Read, so that its end is seen.
  front.on('upgrade', (_, socket) => upgrades.push(socket.resume()))
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  health = createHealth({
    db,
    clock,
    accessUrl: () => `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    isWorking: () => true,
    provisioners: {
      daemon: () => daemon,
      jobs: () => [],
      job: () => {
        throw new Error('No check asks for a job.')
      },
    },
  })
})
afterEach(async () => {
  upgrades.length = 0
  waiting.length = 0
  for (const socket of connections) socket.destroy()
  await new Promise((resolve) => front.close(resolve))
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

const areHeld = () =>
  waitFor('both checks wait', () => (waiting.length === 1 && upgrades.length === 1 ? true : undefined))
const answer = (): void => {
  for (const response of waiting.splice(0)) response.end('OK')
  for (const socket of upgrades.splice(0)) {
    socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
  }
}

test('checks that take longer than half a minute end with 503, and let go of their connections', async () => {
  let isOver = false
  const report = health.report('token', false).finally(() => (isOver = true))
  const refused = expect(report).rejects.toMatchObject({
    status: 503,
    message: 'Healthcheck is in progress and timed out.',
  })
  await areHeld()
  const letGo = Promise.all([
    new Promise((resolve) => waiting[0]?.once('close', resolve)),
    new Promise((resolve) => upgrades[0]?.once('end', resolve)),
  ])
  clock.advance(LIMIT_MS - 1)
  expect(isOver).toBe(false)
  clock.advance(1)
  await refused
  await letGo
  expect(clock.pending).toBe(0)
})

test('checks that ran out of time are made again by the next one who asks, and kept then', async () => {
  const first = expect(health.report('token', false)).rejects.toMatchObject({ status: 503 })
  await areHeld()
  clock.advance(LIMIT_MS)
  await first
  waiting.length = 0
  upgrades.length = 0
  const second = health.report('token', false)
  await areHeld()
  answer()
  const report = await second
  expect(report).toMatchObject({
    healthy: false,
    severity: 'error',
    access_url: { healthy: true, healthz_response: 'OK' },
    websocket: { healthy: false, code: 503 },
  })
  expect(await health.report('token', false)).toBe(report)
})
