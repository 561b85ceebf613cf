import { describe, expect, it } from 'vitest'
import { createOutputCredit } from './output-credit.ts'

describe('output credit', () => {
  it('stops once at the limit and goes on at half of it', () => {
    const credit = createOutputCredit(100)
    expect(credit.spend(60)).toBe(false)
    expect(credit.spend(60)).toBe(true)
    expect(credit.spend(10)).toBe(false)
    expect(credit.earn(60)).toBe(false)
    expect(credit.earn(20)).toBe(true)
    expect(credit.earn(20)).toBe(false)
  })

  it('gives no credit for acknowledging what was never sent', () => {
    const credit = createOutputCredit(100)
    credit.earn(1_000_000)
    expect(credit.spend(100)).toBe(true)
  })
})
