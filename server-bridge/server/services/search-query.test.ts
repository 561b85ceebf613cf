import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ApiError } from '../api-error.ts'
import { booleanTerm, enumTerm, listTerm, parseSearchQuery, singleTerm, timeTerm } from './search-query.ts'

const keys = new Set(['name', 'owner', 'status', 'at'])
const parse = (query: string) => parseSearchQuery(query, 'default', keys)

describe('a search', () => {
  it('has terms, quotes and words without a key, all in lower case', () => {
    const terms = parse('Owner:Me  big  blue name:"two words" at:"2026-01-01T10:00:00Z"')
    expect(Object.fromEntries(terms)).toEqual({
      owner: ['me'],
      name: ['two words'],
      at: ['2026-01-01t10:00:00z'],
      default: ['big blue'],
    })
    expect(timeTerm(terms, 'at')).toBe(Date.parse('2026-01-01T10:00:00Z'))
  })

  it('may repeat a key or give several values by commas', () => {
    expect(listTerm(parse('status:a,b status:c'), 'status')).toEqual(['a', 'b', 'c'])
    expect(() => singleTerm(parse('name:a name:b'), 'name')).toThrow(ApiError)
  })

  it('refuses unknown keys, too many colons, and values out of their range', () => {
    for (const query of ['colour:red', 'name:a:b', ':a', 'name:', 'name::']) {
      expect(() => parse(query)).toThrow('Invalid search query.')
    }
    expect(() => booleanTerm(parse('status:perhaps'), 'status')).toThrow(ApiError)
    expect(() => enumTerm(parse('status:happy'), 'status', ['sad'])).toThrow(ApiError)
    expect(() => timeTerm(parse('at:soon'), 'at')).toThrow(ApiError)
    expect(booleanTerm(parse('status:TRUE'), 'status')).toBe(true)
    expect(booleanTerm(parse(''), 'status')).toBeUndefined()
  })

  it('never fails in another way, whatever is typed', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', ':', '"', ' ', ',', '/', 'name:', 'é') }),
        (query) => {
          try {
            parse(query)
          } catch (error) {
            expect(error).toBeInstanceOf(ApiError)
          }
        },
      ),
    )
  })

  it('gives back every value that was quoted, whatever it holds', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => !text.includes('"'))
    const term = fc.tuple(fc.constantFrom(...keys), value)
    fc.assert(
      fc.property(fc.array(term), (terms) => {
        const parsed = parse(terms.map(([key, text]) => `${key}:"${text}"`).join(' '))
        for (const key of keys) {
          const wanted = terms.filter(([name]) => name === key).map(([, text]) => text.toLowerCase())
          expect(parsed.get(key) ?? []).toEqual(wanted)
        }
        expect(parsed.has('default')).toBe(false)
      }),
    )
  })

  it('joins the words without a key, wherever they stand', () => {
    const word = fc.stringMatching(/^[a-z0-9/-]{1,8}$/)
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), fc.nat(), (words, seed) => {
        const parts = [...words]
        parts.splice(seed % (words.length + 1), 0, 'name:x')
        const parsed = parse(parts.join('  '))
        expect(parsed.get('default')).toEqual([words.join(' ')])
        expect(parsed.get('name')).toEqual(['x'])
      }),
    )
  })

  it('takes no key it does not know, and names it', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z_-]{1,12}$/), (key) => {
        fc.pre(!keys.has(key))
        let thrown: unknown
        try {
          parse(`name:a ${key}:b`)
        } catch (error) {
          thrown = error
        }
        expect(thrown).toMatchObject({ status: 400, body: { validations: [{ field: key }] } })
      }),
    )
  })

  it('says the same whatever the case it is written in', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z "]{0,20}$/), (text) => {
        expect(parse(text.toUpperCase())).toEqual(parse(text))
      }),
    )
  })

  it('takes time that grows with its length only', () => {
    // A pattern that backtracks would not come back from these.
    for (const text of ['"'.repeat(100_001), 'a"'.repeat(50_000), ' '.repeat(100_000), '":'.repeat(50_001)]) {
      try {
        parse(text)
      } catch (error) {
        expect(error).toBeInstanceOf(ApiError)
      }
    }
  })
})
