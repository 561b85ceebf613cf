import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDollars } from '../../lib/money.ts'
import { dollarsText, readDollars } from './dollars.ts'

describe('an amount in dollars', () => {
  it('comes back from its text as it was, to the last millionth', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000_000_000 }), (micros) => {
        expect(readDollars(dollarsText(micros))).toEqual({ micros })
      }),
    )
  })

  it('is a whole number of millionths, whatever was typed', () => {
    const digits = fc.stringMatching(/^\d{1,6}\.\d{1,6}$/)
    fc.assert(
      fc.property(digits, (text) => {
        const read = readDollars(text)
        if ('micros' in read)
          expect(read.micros).toBe(Number(text.replace('.', '').padEnd(text.indexOf('.') + 6, '0')))
        else expect(Number(text)).toBe(0)
      }),
    )
  })

  it.each([
    ['25', 25_000_000],
    ['2.5', 2_500_000],
    ['0.1', 100_000],
    ['1.005', 1_005_000],
    ['$1,250.75', 1_250_750_000],
    [' 3. ', 3_000_000],
    ['1000000', 1_000_000_000_000],
  ])('%s is read', (text, micros) => {
    expect(readDollars(text)).toEqual({ micros })
  })

  it.each([
    ['', 'Write an amount in dollars, such as 25 or 2.50.'],
    ['2,50', 'Write an amount in dollars, such as 25 or 2.50.'],
    ['-1', 'Write an amount in dollars, such as 25 or 2.50.'],
    ['1e3', 'Write an amount in dollars, such as 25 or 2.50.'],
    ['0.00', 'Write more than zero. An empty field means no limit.'],
    ['0.0000001', 'Write at most six digits after the point.'],
    ['1000000.01', 'Write at most 1,000,000 dollars.'],
  ])('%j is refused with what to write', (text, problem) => {
    expect(readDollars(text)).toEqual({ problem })
  })

  it.each([
    [0, '$0.00'],
    [1_234_567_890, '$1,234.57'],
    [4_200, '$0.0042'],
    [1, '< $0.0001'],
  ])('%i millionths are shown as %s', (micros, text) => {
    expect(formatDollars(micros)).toBe(text)
  })
})
