import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { usagePeriods } from '../../../contract/chats-cost.ts'
import { periodAt } from './usage-period.ts'

const at = (period: (typeof usagePeriods)[number], time: string) => {
  const { start, end } = periodAt(period, Date.parse(time))
  return [new Date(start).toISOString(), new Date(end).toISOString()]
}

describe('the period of a moment', () => {
  it('is a day of UTC', () => {
    expect(at('day', '2026-12-31T23:59:59.999Z')).toEqual([
      '2026-12-31T00:00:00.000Z',
      '2027-01-01T00:00:00.000Z',
    ])
  })

  it('is a week that begins on Monday, also on a Sunday and over the end of a year', () => {
    const week = ['2026-12-28T00:00:00.000Z', '2027-01-04T00:00:00.000Z']
    expect(at('week', '2026-12-28T00:00:00Z')).toEqual(week)
    expect(at('week', '2027-01-03T23:59:59Z')).toEqual(week)
    expect(at('week', '2027-01-04T00:00:00Z')[0]).toBe(week[1])
  })

  it('is a month, of whatever length', () => {
    expect(at('month', '2028-02-29T12:00:00Z')).toEqual([
      '2028-02-01T00:00:00.000Z',
      '2028-03-01T00:00:00.000Z',
    ])
  })

  it('holds the moment, and the next one begins where it ends', () => {
    fc.assert(
      fc.property(fc.constantFrom(...usagePeriods), fc.integer({ min: 0, max: 4e12 }), (period, now) => {
        const { start, end } = periodAt(period, now)
        expect(start <= now && now < end).toBe(true)
        expect(periodAt(period, end).start).toBe(end)
        expect(periodAt(period, end - 1)).toEqual({ start, end })
      }),
    )
  })
})
