import { describe, expect, it } from 'vitest'
import { measurement } from './benchmark.ts'

const base = { name: 'launch', unit: 'ms', value: 130 }

describe('a measurement', () => {
  it('is judged by its ratio to the reference of the same run', () => {
    const limit = { of: 'ratio', atMost: 1.3 } as const
    expect(measurement({ ...base, reference: 100, limit })).toMatchObject({ ratio: 1.3, ok: true })
    expect(measurement({ ...base, reference: 99, limit }).ok).toBe(false)
  })

  it('fails a ratio that could not be taken', () => {
    expect(measurement({ ...base, limit: { of: 'ratio', atMost: 1.3 } }).ok).toBe(false)
  })

  it('is judged by its value where the budget is a value', () => {
    expect(measurement({ ...base, limit: { of: 'value', atMost: 120 } })).toMatchObject({
      ok: false,
      budget: '≤ 120 ms',
    })
    expect(measurement({ ...base, limit: { of: 'value', atLeast: 130 } }).ok).toBe(true)
  })

  it('without a budget is only reported', () => {
    expect(measurement(base)).toMatchObject({ ok: true, budget: null, ratio: null })
  })
})
