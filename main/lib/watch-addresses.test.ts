import { expect, it } from 'vitest'
import { createManualClock } from '../testing/manual-clock.ts'
import { watchAddresses } from './watch-addresses.ts'

it('tells of another network, and of nothing else', () => {
  const clock = createManualClock()
  let addresses = ['192.168.1.7', '2001:db8::7']
  let changes = 0
  const stop = watchAddresses({
    clock,
    addresses: () => addresses,
    onChange: () => {
      changes += 1
    },
  })
  clock.advance(60_000)
  addresses = addresses.toReversed()
  clock.advance(60_000)
  expect(changes).toBe(0)
  addresses = ['10.0.0.4']
  clock.advance(5_000)
  expect(changes).toBe(1)
  addresses = []
  clock.advance(60_000)
  expect(changes).toBe(2)
  stop()
  expect(clock.pending).toBe(0)
})
