import { describe, expect, it } from 'vitest'
import { estimatePasswordEntropy, hashPassword, passwordMatches, passwordProblem } from './passwords.ts'

describe('the strength of a password', () => {
  it('grows with length and kinds of characters, not with repeats and sequences', () => {
    expect(estimatePasswordEntropy('aaaaaaaaaaaaaaaaaaaaaaaa')).toBeLessThan(15)
    expect(estimatePasswordEntropy('abcdefghijklmnop')).toBeLessThan(15)
    expect(estimatePasswordEntropy('qwertyuiop1234567890')).toBeLessThan(40)
    expect(estimatePasswordEntropy('h4Kd!9q.Zw')).toBeGreaterThan(52)
    expect(estimatePasswordEntropy('')).toBe(0)
  })

  it('decides in words, and 64 bytes are the limit', () => {
    expect(passwordProblem('password1')).toMatch(/insecure password/)
    expect(passwordProblem('correct horse battery staple')).toBeUndefined()
    expect(passwordProblem(`Aa1!${'xyz9'.repeat(15)}`)).toBeUndefined()
    expect(passwordProblem(`Aa1!${'é'.repeat(31)}`)).toMatch(/64 bytes/)
  })
})

describe('a stored password', () => {
  it('matches itself alone, and is salted', async () => {
    const [first, second] = [await hashPassword('one two three'), await hashPassword('one two three')]
    expect(first).not.toBe(second)
    expect(await passwordMatches('one two three', first)).toBe(true)
    expect(await passwordMatches('one two four', first)).toBe(false)
  })

  it('that is missing matches nothing', async () => {
    expect(await passwordMatches('', null)).toBe(false)
    expect(await passwordMatches('anything', '')).toBe(false)
  })
})
