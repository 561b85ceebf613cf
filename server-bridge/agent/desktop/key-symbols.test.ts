import { expect, test } from 'vitest'
import { readChords, symbolOfCharacter, symbolOfKey } from './key-symbols.ts'

test.each([
  ['Return', 0xff0d],
  ['ENTER', 0xff0d],
  ['BackSpace', 0xff08],
  ['ArrowDown', 0xff54],
  ['ARROWDOWN', 0xff54],
  ['Page_Down', 0xff56],
  ['PAGEDOWN', 0xff56],
  ['F1', 0xffbe],
  ['f12', 0xffc9],
  ['KP_7', 0xffb7],
  ['CMD', 0xffeb],
  ['a', 0x61],
  ['ä', 0xe4],
  ['€', 0x010020ac],
  ['😀', 0x0101f600],
])('the key %s has its symbol', (name, symbol) => {
  expect(symbolOfKey(name)).toBe(symbol)
})

test('keys are pressed together, and after each other', () => {
  expect(readChords('ctrl+shift+T')).toEqual([[0xffe3, 0xffe1, 0x74]])
  expect(readChords('Down  Down Return')).toEqual([[0xff54], [0xff54], [0xff0d]])
  expect(readChords('ctrl++')).toEqual([[0xffe3, 0x2b]])
  expect(readChords('+')).toEqual([[0x2b]])
  expect(readChords(' ')).toEqual([[0x20]])
  // Alone it is the letter that is meant.
  expect(readChords('T')).toEqual([[0x54]])
})

test.each(['constructor', 'F25', 'F0', 'ctrl+', 'ctrl+nothing', '__proto__', '\u0007'])(
  'there is no key %s',
  (keys) => {
    expect(() => readChords(keys)).toThrow('There is no key')
  },
)

test('characters that no key types have none', () => {
  expect(['\u0000', '\u001b', '\u0085'].map(symbolOfCharacter)).toEqual([undefined, undefined, undefined])
  expect(['\n', '\t'].map(symbolOfCharacter)).toEqual([0xff0d, 0xff09])
})
