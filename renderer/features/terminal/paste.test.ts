import { describe, expect, it } from 'vitest'
import { decidePaste } from './paste.ts'

const plain = { bracketed: false, warn: true }

describe('pasting into a terminal', () => {
  it('sends one line as it is', () => {
    expect(decidePaste('git status', plain)).toEqual({ kind: 'send', text: 'git status' })
  })

  it('asks before several lines where the shell runs each at once', () => {
    expect(decidePaste('make build\r\nmake deploy\r\n', plain)).toEqual({
      kind: 'ask',
      text: 'make build\nmake deploy\n',
      lines: 2,
    })
  })

  it('asks before one line that ends with a line break, since it runs at once too', () => {
    expect(decidePaste('rm -rf build\n', plain)).toMatchObject({ kind: 'ask', lines: 1 })
  })

  it('does not ask where the program takes a paste as a whole', () => {
    expect(decidePaste('a\nb', { bracketed: true, warn: true }).kind).toBe('send')
  })

  it('does not ask when the user turned it off', () => {
    expect(decidePaste('a\nb', { bracketed: false, warn: false }).kind).toBe('send')
  })

  it('takes control characters out, so that a paste cannot leave its brackets', () => {
    const hostile = 'safe\u001b[201~\nrm -rf ~\u0007\u009b31m'
    expect(decidePaste(hostile, { bracketed: true, warn: true })).toEqual({
      kind: 'send',
      text: 'safe[201~\nrm -rf ~31m',
    })
  })

  it('keeps tabs and any script', () => {
    expect(decidePaste('\tdata: "日本語 🚀"', plain)).toEqual({ kind: 'send', text: '\tdata: "日本語 🚀"' })
  })

  it('sends nothing for nothing', () => {
    expect(decidePaste('\u001b', plain)).toEqual({ kind: 'nothing' })
  })
})
