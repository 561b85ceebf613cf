import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffDelay } from './backoff.ts'
import { errorCode, toError } from './to-error.ts'

describe('what was thrown', () => {
  it('becomes an error, whatever it is', () => {
    const error = new Error('x')
    expect(toError(error)).toBe(error)
    expect(toError('no').message).toBe('no')
    expect(toError({ a: 1 }).message).toBe('{"a":1}')
    expect(toError(undefined).message).toBe('undefined')
    const cyclic: unknown[] = []
    cyclic.push(cyclic)
    expect(toError(cyclic).message).toBe('[object Array]')
  })

  it('gives its code from inside causes and aggregates', () => {
    const inner = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })
    expect(errorCode(new TypeError('fetch failed', { cause: new AggregateError([inner]) }))).toBe(
      'ECONNREFUSED',
    )
    expect(errorCode('text')).toBeUndefined()
  })
})

describe('back-off', () => {
  it('stays between floor and cap, and reaches the cap', () => {
    const policy = { baseMs: 500, capMs: 30_000, floorMs: 100 }
    fc.assert(
      fc.property(fc.nat(5000), fc.double({ min: 0, max: 0.999, noNaN: true }), (attempt, drawn) => {
        const delay = backoffDelay(policy, attempt, () => drawn)
        expect(delay).toBeGreaterThanOrEqual(100)
        expect(delay).toBeLessThanOrEqual(Math.min(30_000, 500 * 2 ** Math.min(attempt, 30)))
      }),
    )
    expect(backoffDelay(policy, 40, () => 0.9999)).toBeGreaterThan(29_000)
  })
})
