import fc from 'fast-check'
import { expect, it } from 'vitest'
import { applyUserKeys, isSameKeySet, noUserKeys } from './user-keys.ts'

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,8}$/).map((text) => `X-${text}`)

it('whatever is accepted is trimmed, free of repeats and apart from the administrator’s headers', () => {
  fc.assert(
    fc.property(fc.array(name, { maxLength: 6 }), fc.array(name, { maxLength: 3 }), (keys, admin) => {
      const lower = keys.map((key) => key.toLowerCase())
      const isAllowed =
        new Set(lower).size === keys.length && !admin.some((header) => lower.includes(header.toLowerCase()))
      const apply = () => applyUserKeys(noUserKeys, { keys: keys.map((key) => ` ${key}\t`) }, admin)
      if (isAllowed) expect(apply().keys).toEqual(keys)
      else expect(apply).toThrow()
    }),
  )
})

it('an order does not make another set, a spelling does', () => {
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 6 }), (keys) => {
      expect(isSameKeySet(keys, [...keys].reverse())).toBe(true)
      expect(isSameKeySet(keys, keys.slice(1))).toBe(false)
      expect(isSameKeySet(keys, [`${keys[0]}-other`, ...keys.slice(1)])).toBe(false)
    }),
  )
})

it('a description keeps to its key when only the spelling of that changes', () => {
  const present = { keys: ['X-Key'], descriptions: { 'X-Key': 'from your profile' } }
  expect(applyUserKeys(present, { keys: ['x-KEY'] }, [])).toEqual({
    keys: ['x-KEY'],
    descriptions: { 'x-KEY': 'from your profile' },
  })
})

it('a key may be called like a property of objects', () => {
  const { descriptions } = applyUserKeys(
    noUserKeys,
    { keys: ['constructor', '__proto__'], descriptions: { constructor: 'one' } },
    [],
  )
  expect(JSON.stringify(descriptions)).toBe('{"constructor":"one"}')
})
