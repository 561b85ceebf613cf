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
})
