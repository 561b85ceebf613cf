import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../testing/fake-clock.ts'
import { runOnSchedule } from './cron-scripts.ts'

const noon = new Date(2026, 0, 5, 12, 0, 0).getTime()
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a schedule', () => {
  it('runs at each of its times, and leaves out those that come while it still runs', async () => {
    const clock = createFakeClock(noon)
    const ends: (() => void)[] = []
    const end = runOnSchedule(clock, '*/10 * * * * *', () => new Promise((resolve) => ends.push(resolve)))
    clock.advance(9_999)
    expect(ends).toHaveLength(0)
    clock.advance(1)
    clock.advance(25_000)
    expect(ends).toHaveLength(1)
    ends[0]?.()
    await settled()
    clock.advance(5_000)
    expect(ends).toHaveLength(2)
    end()
    clock.advance(60_000)
    expect(ends).toHaveLength(2)
    expect(clock.pending).toBe(0)
  })

  it('waits for times that are months away', async () => {
    const clock = createFakeClock(noon)
    let runs = 0
    const end = runOnSchedule(clock, '0 0 0 1 6 *', async () => {
      runs += 1
    })
    clock.advance(new Date(2026, 5, 1).getTime() - noon - 1)
    expect(runs).toBe(0)
    clock.advance(1)
    expect(runs).toBe(1)
    await settled()
    end()
  })
})
