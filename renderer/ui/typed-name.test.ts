import { expect, it } from 'vitest'
import { matchesTypedName } from './typed-name.ts'

it('wants the whole name in the same case', () => {
  expect(matchesTypedName('ledger-migrations', 'ledger-migrations')).toBe(true)
  expect(matchesTypedName('ledger-migr', 'ledger-migrations')).toBe(false)
  expect(matchesTypedName('Ledger-Migrations', 'ledger-migrations')).toBe(false)
})

it('forgives spaces around a pasted name', () => {
  expect(matchesTypedName(' docs-site\n', 'docs-site')).toBe(true)
})

it('never confirms a thing without a name', () => {
  expect(matchesTypedName('', '')).toBe(false)
})
