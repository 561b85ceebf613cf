import { describe, expect, it } from 'vitest'
import { parseCronPattern } from './cron-pattern.ts'

const noon = new Date(2026, 0, 5, 12, 0, 0).getTime()

describe('a pattern of times', () => {
  it('has seconds first, and may leave out the day of the week', () => {
    const next = (pattern: string) => parseCronPattern(pattern).nextRun(new Date(noon))?.getTime()
    expect(next('*/10 * * * * *')).toBe(noon + 10_000)
    expect(next('30 5 * * *')).toBe(noon + 5 * 60_000 + 30_000)
    expect(next('0 0 13 * * 1')).toBe(noon + 3_600_000)
    expect(next('@daily')).toBe(noon + 12 * 3_600_000)
  })

  it.each(['', '* * *', 'every day', '61 * * * * *'])('is refused as %j', (pattern) => {
    expect(() => parseCronPattern(pattern)).toThrow()
  })
})
