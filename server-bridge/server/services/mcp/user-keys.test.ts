import { expect, it } from 'vitest'
import { applyUserKeys, noUserKeys } from './user-keys.ts'

it('a description keeps to its key when only the spelling of that changes', () => {
  const present = { keys: ['X-Key'], descriptions: { 'X-Key': 'from your profile' } }
  expect(applyUserKeys(present, { keys: ['x-KEY'] })).toEqual({
    keys: ['x-KEY'],
    descriptions: { 'x-KEY': 'from your profile' },
  })
})

it('a key may be called like a property of objects', () => {
  const { descriptions } = applyUserKeys(noUserKeys, {
    keys: ['constructor', 'toString'],
    descriptions: { constructor: 'one' },
  })
  expect(JSON.stringify(descriptions)).toBe('{"constructor":"one"}')
})
