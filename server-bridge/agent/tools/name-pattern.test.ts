import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isNamedLike } from './name-pattern.ts'

describe('a pattern of names', () => {
  it.each([
    ['main.ts', '', true],
    ['main.ts', '*.ts', true],
    ['main.test.ts', 'main.*.ts', true],
    ['main.ts', 'm??n.*', true],
    ['main.ts', '*', true],
    ['main.ts', 'main.ts**', true],
    ['main.ts', '*.js', false],
    ['main.ts', 'main', false],
    ['main.ts', 'Main.ts', false],
    ['a', '??', false],
    ['[a]', '[a]', true],
    ['a', '[a]', false],
  ])('says of %s and %s: %s', (name, pattern, expected) => {
    expect(isNamedLike(name, pattern)).toBe(expected)
  })

  it('agrees with the expression it stands for', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 })
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(text, pattern, (name, wanted) => {
        const expression = wanted.replaceAll(/[*?]/g, (char) => (char === '*' ? '.*' : '.'))
        expect(isNamedLike(name, wanted)).toBe(new RegExp(`^${expression}$`).test(name))
      }),
    )
  })
})
