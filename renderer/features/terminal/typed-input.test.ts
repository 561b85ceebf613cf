import { expect, it } from 'vitest'
import { isTyped } from './typed-input.ts'

it.each([
  ['device attributes', '\u001b[?1;2c'],
  ['more of them', '\u001b[>0;276;0c'],
  ['the cursor', '\u001b[12;40R'],
  ['a status', '\u001b[0n'],
  ['a mode', '\u001b[?2026;2$y'],
  ['focus', '\u001b[I'],
  ['a mouse press', '\u001b[<0;10;5M'],
  ['a mouse press of old', '\u001b[M !!'],
  ['a colour', '\u001b]11;rgb:0000/0000/0000\u001b\\'],
  ['a setting', '\u001bP1$r0m\u001b\\'],
])('a report of %s is not typed', (_name, text) => {
  expect(isTyped(text)).toBe(false)
})

it.each([
  'a',
  'ü',
  '漢字',
  '\r',
  '\u0003',
  '\u001b',
  '\u001b[A',
  '\u001bOP',
  '\u001b[3~',
  '\u001b[1;5C',
  '\u001bb',
])('%j is typed', (text) => {
  expect(isTyped(text)).toBe(true)
})
