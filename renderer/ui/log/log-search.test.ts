import { expect, it } from 'vitest'
import { findMatches, markSpans } from './log-search.ts'

it('finds words without case, in order of the lines', () => {
  expect(findMatches(['Error: no', 'fine', 'an error, another ERROR'], 'error')).toEqual([
    { line: 0, from: 0, to: 5 },
    { line: 2, from: 3, to: 8 },
    { line: 2, from: 18, to: 23 },
  ])
})

it('finds nothing for nothing', () => {
  expect(findMatches(['a', 'b'], '')).toEqual([])
})

it('marks a match that crosses a change of colour', () => {
  const spans = [
    { text: 'plan ', style: 'plain' },
    { text: 'failed', style: 'red' },
  ]
  expect(markSpans(spans, [{ from: 3, to: 7 }])).toEqual([
    { text: 'pla', style: 'plain', mark: -1 },
    { text: 'n ', style: 'plain', mark: 0 },
    { text: 'fa', style: 'red', mark: 0 },
    { text: 'iled', style: 'red', mark: -1 },
  ])
})
