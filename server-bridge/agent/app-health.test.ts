import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createFakeClock } from '../testing/fake-clock.ts'
import { AppHealth, probeApp } from './app-health.ts'
import type { StateEvent } from './event-outbox.ts'

const app_id = '00000000-0000-4000-8000-000000000001'
const check = { app_id, url: 'http://localhost:1/', interval_seconds: 5, threshold: 3 }
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

test('an app is unhealthy after enough failures in a row, and healthy after one answer', async () => {
  const clock = createFakeClock()
  const told: StateEvent[] = []
  const answers = [true, false, false, true, false, false, false, false, true]
  const health = new AppHealth({
    clock,
    outbox: { setState: (_, event) => told.push(event) },
    probe: async () => answers.shift() ?? true,
  })
  health.start([check])
  const states: string[][] = []
  while (answers.length > 0) {
    clock.advance(5_000)
    await settled()
    states.push(told.flatMap((event) => (event.type === 'app-health' ? [event.health] : [])))
  }
  expect(states.map((list) => list.join(' '))).toEqual([
    ...Array<string>(6).fill('healthy'),
    'healthy unhealthy',
    'healthy unhealthy',
    'healthy unhealthy healthy',
  ])
  health.stop()
  expect(clock.pending).toBe(0)
})

test('an app that hangs is asked once at a time', async () => {
  const clock = createFakeClock()
  let asked = 0
  const health = new AppHealth({
    clock,
    outbox: { setState: () => undefined },
    probe: () => {
      asked += 1
      return new Promise(() => undefined)
    },
  })
  health.start([check])
  clock.advance(60_000)
  expect(asked).toBe(1)
  health.stop()
})

test('asks by HTTP: any answer but an error of the server is a good one', async () => {
  const server = createServer((request, response) => {
    response.statusCode = Number(request.url?.slice(1))
    response.end('body')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const answers = [200, 302, 404, 500, 503].map((status) => probeApp(`${url}/${status}`, 10_000))
  expect(await Promise.all(answers)).toEqual([true, true, true, false, false])
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  expect(await probeApp(url, 10_000)).toBe(false)
  expect(await probeApp('no address', 10_000)).toBe(false)
})
