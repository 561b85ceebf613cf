import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchReplay } from './match-replay.ts'

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `line ${String(from + index)} — ünï\r\n`).join('')
const match = (history: string, replay: string) => matchReplay(Buffer.from(history), Buffer.from(replay))
const bytes = (text: string): number => Buffer.byteLength(text)

describe('a replay', () => {
  it('that is the whole history and more goes on behind it', () => {
    expect(match('$ ls\r\n', '$ ls\r\na b\r\n$ ')).toEqual({ kind: 'continues', newFrom: 6 })
  })

  it('that begins in the middle goes on where the history ends', () => {
    const history = lines(0, 20_000)
    const replay = history.slice(-50_000)
    expect(match(history, `${replay}new`)).toEqual({ kind: 'continues', newFrom: bytes(replay) })
  })

  it('is undecided while all of it is known', () => {
    const history = lines(0, 20_000)
    const replay = history.slice(-50_000)
    expect(match(history, replay.slice(0, 1000)).kind).toBe('undecided')
    expect(match(history, replay.slice(0, 45_000)).kind).toBe('undecided')
  })

  it('of a new shell with the same prompt is not taken for the old one', () => {
    const history = `${lines(0, 100)}$ `
    expect(match(history, '$ ').kind).toBe('undecided')
    expect(match(history, '$ hello').kind).toBe('other')
  })

  it('of which too much is new is another one', () => {
    expect(match(lines(0, 5000), lines(9000, 15_000)).kind).toBe('other')
  })

  it('may begin with the modes that the local deployment puts before it', () => {
    const history = lines(0, 20_000)
    const preamble = '\u001b]2;a title\u0007\u001b[?2004h\u001b[?25l\u001b=\u001b[5 q'
    const replay = preamble + history.slice(-50_000)
    expect(match(history, `${replay}new`)).toEqual({ kind: 'continues', newFrom: bytes(replay) })
  })

  it('may begin with modes that the shell itself set first', () => {
    const history = '\u001b[?2004h$ ls\r\n'
    expect(match(history, `${history}a b`)).toEqual({ kind: 'continues', newFrom: bytes(history) })
  })

  it('of output that repeats itself continues', () => {
    const history = 'y\n'.repeat(400_000)
    expect(match(history, 'y\n'.repeat(32_768)).kind).toBe('continues')
  })

  it('of any bytes leaves out what is known and nothing else', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 300, maxLength: 3000 }),
        fc.uint8Array({ maxLength: 500 }),
        (known, fresh) => {
          const found = matchReplay(Buffer.from(known), Buffer.concat([known, fresh]))
          expect(found).toEqual({ kind: 'continues', newFrom: known.length })
        },
      ),
    )
  })
})
