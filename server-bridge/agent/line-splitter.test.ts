import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLineSplitter } from './line-splitter.ts'

function split(bytes: Buffer, cuts: readonly number[] = []): string[] {
  const lines: string[] = []
  const splitter = createLineSplitter((line) => lines.push(line))
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  for (let index = 1; index < places.length; index += 1)
    splitter.push(bytes.subarray(places[index - 1], places[index]))
  splitter.flush()
  return lines
}

test('cuts lines and keeps the last one without an end', () => {
  expect(split(Buffer.from('one\r\ntwo\n\nthree'))).toEqual(['one', 'two', '', 'three'])
})

test('gives the same lines wherever the bytes are cut', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ü', '😀', '\n', '\r\n') })
  fc.assert(
    fc.property(text, fc.array(fc.nat(200)), (whole, cuts) => {
      expect(split(Buffer.from(whole), cuts)).toEqual(split(Buffer.from(whole)))
    }),
  )
})

test('cuts a line that never ends, and drops NUL', () => {
  const lines = split(Buffer.alloc(20_000, 'x'), [5_000, 10_000])
  expect(lines.every((line) => line.length <= 8192)).toBe(true)
  expect(lines.join('')).toHaveLength(20_000)
  expect(split(Buffer.from('a\0b\n'))).toEqual(['ab'])
})
