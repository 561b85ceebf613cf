import { expect, it } from 'vitest'
import { copyName, localName } from './local-names.ts'

it.each([
  ['linux', 'plain.txt', 'plain.txt'],
  ['linux', '..', '_'],
  ['linux', 'a/b', 'a_b'],
  ['linux', 'con.txt', 'con.txt'],
  ['linux', 'x\u202Ey\nz', 'x_y_z'],
  ['linux', 'a\uDCFF\uDC80', 'a%FF%80'],
  ['win32', 'CON', '_CON'],
  ['win32', 'lpt1.log', '_lpt1.log'],
  ['win32', String.raw`..\..\evil`, '.._.._evil'],
  ['win32', 'C:stream', 'C_stream'],
  ['win32', 'dots. . .', 'dots_'],
  ['win32', '..', '_'],
] as const)('on %s a name %j becomes %j', (platform, name, expected) => {
  expect(localName(name, platform)).toBe(expected)
})

it('keeps the ending of a name that is too long', () => {
  const name = localName(`${'é'.repeat(200)}.tar`, 'linux')
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(220)
  expect(name).toMatch(/^é+\.tar$/)
})

it.each([
  ['note.txt', 'note (2).txt'],
  ['a/b.c/note.tar.gz', 'a/b.c/note (2).tar.gz'],
  ['.bashrc', '.bashrc (2)'],
  ['folder', 'folder (2)'],
])('names a copy of %s %s', (name, expected) => {
  expect(copyName(name, 2)).toBe(expected)
})
