import { expect, it } from 'vitest'
import { jsonText } from './json-text.ts'
import { oneLine, showUnseen } from './hostile-text.ts'

it('names what turns or hides words, and leaves ordinary scripts alone', () => {
  expect(showUnseen('rm \u202e-rf\u202c x\u200by')).toBe('rm ‹U+202E›-rf‹U+202C› x‹U+200B›y')
  expect(showUnseen('a\u{e0041}')).toBe('a‹U+E0041›')
  expect(showUnseen('a\tb\nc 👩‍💻 עברית مرحبا')).toBe('a\tb\nc 👩‍💻 עברית مرحبا')
})

it('makes one bounded line', () => {
  expect(oneLine('  a\n\n b  ')).toBe('a b')
  expect(oneLine('x'.repeat(1000), 10)).toBe(`${'x'.repeat(10)}…`)
})

it('writes JSON as people indent it', () => {
  expect(jsonText({ a: [1, 'two'], b: {}, c: null })).toBe(
    JSON.stringify({ a: [1, 'two'], b: {}, c: null }, null, 2),
  )
})

it('ends deep, long and wide values', () => {
  let deep: unknown = 1
  for (let level = 0; level < 5000; level += 1) deep = [deep]
  expect(jsonText(deep)).toContain('…')
  expect(jsonText('x'.repeat(1_000_000), 100).length).toBeLessThan(110)
  expect(
    jsonText(
      Array.from({ length: 100_000 }, () => 'abc'),
      1000,
    ).length,
  ).toBeLessThan(3000)
})
