import { describe, expect, it } from 'vitest'
import { editText } from './edit-text.ts'

const edit = (text: string, old_text: string, new_text: string, replace_all = false) => {
  const edited = editText(text, { old_text, new_text, replace_all })
  return edited.ok ? edited.text : `! ${edited.reason}`
}

describe('an edit', () => {
  it.each([
    ['to the letter', 'a b c', 'b', 'x', 'a x c'],
    ['without spaces at the ends of lines', 'one  \ntwo\t\nend', 'one\ntwo\n', 'three\n', 'three\nend'],
    [
      'with another indentation, which is kept',
      'if\n    a\n      b\nend',
      'a\n  b',
      'x\n  y\n\nz',
      'if\n    x\n      y\n\n    z\nend',
    ],
    ['in a file with Windows lines', 'a\r\nb\r\nc', 'a\nb', 'x\ny', 'x\r\ny\r\nc'],
    ['of a passage with Windows lines in another file', 'a\nb', 'a\r\nb', 'c\r\nd', 'c\nd'],
    ['that takes lines away', 'a\n  b  \nc', 'b\n', '', 'a\nc'],
    ['with characters that mean something in patterns', 'x $& y', '$&', '$1', 'x $1 y'],
  ])('fits %s', (_, text, old, replacement, result) => {
    expect(edit(text, old, replacement)).toBe(result)
  })

  it('can be of all places', () => {
    expect(edit('a a a', 'a', 'b', true)).toBe('b b b')
  })

  it.each([
    ['is there twice', 'a a', 'a', 'b', '2 times'],
    ['is loosely there twice', ' a\nx\n  a', 'a\t', 'b', '2 times'],
    ['is not there', 'a', 'z', 'b', 'not in the file'],
    ['is empty', 'a', '', 'b', 'empty'],
    ['changes nothing', 'a', 'a', 'a', 'the same'],
    ['is blank lines', 'a\n  \nb', '\n\n \n', 'x', 'not in the file'],
  ])('is refused when it %s', (_, text, old, replacement, reason) => {
    expect(edit(text, old, replacement)).toMatch(new RegExp(`^! .*${reason}`))
  })
})
