import { describe, expect, it } from 'vitest'
import { median, percentile } from './statistics.ts'

describe('statistics', () => {
  it('take the nearest rank', () => {
    const samples = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect(median(samples)).toBe(50)
    expect(percentile(samples, 0.99)).toBe(99)
    expect(percentile([7], 0.99)).toBe(7)
  })

  it('refuse to say anything about nothing', () => {
    expect(() => median([])).toThrow(RangeError)
  })
})
