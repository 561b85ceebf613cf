import { expect, test } from 'vitest'
import { createFakeClock } from '../testing/fake-clock.ts'
import type { StateEvent } from './event-outbox.ts'
import { Usage } from './usage.ts'

test('use is told when it begins and ends, and every half minute between', () => {
  const clock = createFakeClock()
  const told: StateEvent[] = []
  const usage = new Usage(clock, { setState: (_, event) => told.push(event) })
  const one = usage.open('reconnecting_pty')
  const two = usage.open('ssh')
  expect(told.at(-1)).toMatchObject({ sessions: { reconnecting_pty: 1, ssh: 1 } })
  one.count('rx', 10)
  one.count('tx', 300)
  clock.advance(60_000)
  expect(told).toHaveLength(4)
  expect(told.at(-1)).toMatchObject({ rx_bytes: 10, tx_bytes: 300 })
  one.end()
  one.end()
  two.end()
  expect(told.at(-1)).toMatchObject({ sessions: { reconnecting_pty: 0, ssh: 0 } })
  expect(clock.pending).toBe(0)
  const last = usage.open('ssh')
  usage.close()
  last.end()
  expect(told).toHaveLength(7)
  expect(clock.pending).toBe(0)
})
