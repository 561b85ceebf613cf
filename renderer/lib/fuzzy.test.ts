import { expect, it } from 'vitest'
import { fuzzyMatch } from './fuzzy.ts'

const score = (query: string, text: string) => fuzzyMatch(query, text)?.score ?? -Infinity

it('prefers the start of the text, then the start of a word, then the middle', () => {
  expect(score('api', 'api-gateway')).toBeGreaterThan(score('api', 'payments-api'))
  expect(score('api', 'payments-api')).toBeGreaterThan(score('api', 'therapist-x'))
})

it('prefers a whole stretch to scattered letters', () => {
  expect(score('stop', 'Stop payments-api')).toBeGreaterThan(score('stop', 'Start or open it'))
})

it('finds the first letters of words', () => {
  expect(fuzzyMatch('nw', 'New workspace')?.ranges).toEqual([
    [0, 1],
    [4, 5],
  ])
})

it('names the letters that matched', () => {
  expect(fuzzyMatch('pay', 'Extend payments-api')?.ranges).toEqual([[7, 10]])
})

it('finds nothing where a letter is missing or the letters stand there by chance', () => {
  expect(fuzzyMatch('xyz', 'payments-api')).toBeNull()
  expect(fuzzyMatch('pay', 'compose a stately')).toBeNull()
})

it('fits everything while nothing is typed', () => {
  expect(fuzzyMatch('  ', 'anything')).toEqual({ score: 0, ranges: [] })
})
