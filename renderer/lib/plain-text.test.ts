import { expect, it } from 'vitest'
import { plainText } from './plain-text.ts'

it.each([
  ['as it is', 'as it is'],
  ['<b>x</b>', '<b>x</b>'],
  ['exe.\u202Egnp', 'exe.gnp'],
  ['\u2067hidden\u2069 \u0007bell\u001b[2J', 'hidden bell[2J'],
  ['שלום\u200F!', 'שלום\u200F!'],
])('%j is shown as %j', (text, shown) => {
  expect(plainText(text, 100)).toBe(shown)
})

it.each([
  ['0123456789', '0123456789'],
  ['01234567890', '012345678…'],
  ['😀'.repeat(10), '😀'.repeat(10)],
  ['😀'.repeat(11), `${'😀'.repeat(9)}…`],
  ['x'.repeat(100_000), `${'x'.repeat(9)}…`],
])('%#: a text of more than ten characters is cut to ten', (text, shown) => {
  expect(plainText(text, 10)).toBe(shown)
})
