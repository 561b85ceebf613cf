import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EscapeScanner } from '../lib/escape-scanner.ts'
import { TerminalHistory } from './terminal-history.ts'

const capacity = 64 * 1024

function historyOf(...chunks: (string | Buffer)[]): TerminalHistory {
  const history = new TerminalHistory(capacity)
  for (const chunk of chunks) history.push(Buffer.from(chunk))
  return history
}

test('replays everything while it fits', () => {
  expect(historyOf('one\r\n', 'two').snapshot().bytes.toString()).toBe('one\r\ntwo')
})

test('keeps at least its capacity, and not much more', () => {
  const history = new TerminalHistory(capacity)
  for (let line = 0; line < 50_000; line += 1) history.push(Buffer.from(`line ${line}\n`))
  const { length } = history.snapshot().bytes
  expect(length).toBeGreaterThanOrEqual(capacity - 16)
  expect(length).toBeLessThanOrEqual(capacity + 32 * 1024)
})

test('starts at a line once the beginning is lost', () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} — ünï\n`)
  const replay = historyOf(lines.join('')).snapshot().bytes.toString()
  expect(lines.join('').endsWith(replay)).toBe(true)
  expect(replay).toMatch(/^line \d+ /)
})

test('starts after an escape sequence that was cut, however long it is', () => {
  const image = `\u001b]1337;File=:${'QUJD'.repeat(40_000)}\u0007`
  const replay = historyOf(image, 'after').snapshot().bytes.toString()
  expect(replay).toBe('after')
})

test('restores the modes that were set before its beginning', () => {
  const history = historyOf(
    '\u001b[?1049h\u001b[?2004h\u001b[?1000h\u001b[?1000l',
    'x'.repeat(capacity * 2),
    '\u001b[?25l',
  )
  const { bytes, alternateScreen } = history.snapshot()
  expect(bytes.toString()).toMatch(/^\u001b\[\?1049h\u001b\[\?2004hx+\u001b\[\?25l$/)
  expect(alternateScreen).toBe(true)
})

test('restores what is set once: title, shape of the cursor, keypad', () => {
  const settings = ['\u001b]0;a – title\u001b\\', '\u001b[5 q', '\u001b=']
  const history = historyOf(...settings, '.'.repeat(capacity * 2))
  expect(history.title).toBe('a – title')
  const replay = history.snapshot().bytes.toString()
  expect(replay).toMatch(/^\u001b\]2;a – title\u0007\u001b=\u001b\[5 q\.+$/)
  const reset = historyOf(...settings, '\u001bc\u001b]2;\u0007', '.'.repeat(capacity * 2))
  expect(reset.snapshot().bytes.toString()).toMatch(/^\.+$/)
})

test('knows the title that was given last, and lets nothing of it end the replayed one early', () => {
  const history = historyOf('\u001b]2;one\u0007', '\u001b]1;icon\u0007', '\u001b]2;t\nwo\u0001', '\u0007text')
  expect(history.title).toBe('two')
})

test('never starts inside a character or an escape sequence', () => {
  const piece = fc.constantFrom(
    'plain ',
    'ü—😀',
    '\u001b[31m',
    '\u001b]0;title\u0007',
    '\u001b[?25l',
    '\u001bP1$r\u001b\\',
    '\r\n',
    '\u001b(B',
  )
  fc.assert(
    fc.property(fc.array(piece, { minLength: 1, maxLength: 60 }), fc.nat(2000), (pieces, offset) => {
      const text = pieces.join('')
      const bytes = Buffer.from(
        '.'.repeat(offset) + text.repeat(Math.ceil((capacity * 3) / Buffer.byteLength(text))),
      )
      const { bytes: replay } = historyOf(bytes).snapshot()
      const preamble =
        /^(?:\u001b\]2;title\u0007)?(?:\u001b\[\?\d+[hl])*/.exec(replay.toString('latin1'))?.[0].length ?? 0
      // What follows the restored modes is the tail of what was printed, from a place where a terminal is at rest.
      const tail = replay.subarray(preamble)
      const start = bytes.length - tail.length
      const scanner = new EscapeScanner()
      scanner.push(bytes, 0, start)
      const isSame = bytes.subarray(start).equals(tail) && scanner.atBoundary
      // A tail that begins with a mode's own sequence is counted to the preamble above; then it is longer, not wrong.
      expect(isSame || bytes.includes(replay.subarray(preamble))).toBe(true)
      expect(replay.toString('utf8').includes('\uFFFD')).toBe(false)
    }),
    { numRuns: 60 },
  )
})

test('scans the same in one piece and byte by byte', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 4 }),
    fc.constantFrom('\u001b', '[', '?', '25', 'h', 'l', ';', '\u0007', ']', '\u0018'),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const bytes = Buffer.from(pieces.join(''))
      const whole = new EscapeScanner()
      whole.push(bytes)
      const single = new EscapeScanner()
      for (let index = 0; index < bytes.length; index += 1) single.push(bytes, index, index + 1)
      expect([whole.atBoundary, whole.preamble]).toEqual([single.atBoundary, single.preamble])
    }),
  )
})
