import { expect, it } from 'vitest'
import { colourLine } from './code-colours.ts'
import { countChanges, editLines, newFileLines, parseDiff } from './unified-diff.ts'

const diff = `--- a/retry.go
+++ b/retry.go
@@ -40,3 +40,4 @@ func Refund
 context
-for attempt := 0; ; attempt++ {
+for attempt := 0; attempt < max; attempt++ {
+  lastErr = nil
 }
\\ No newline at end of file
`

it('numbers the lines of both sides', () => {
  expect(parseDiff(diff, 100)).toEqual([
    { kind: 'hunk', text: '@@ -40,3 +40,4 @@ func Refund' },
    { kind: 'same', text: 'context', before: 40, after: 40 },
    { kind: 'removed', text: 'for attempt := 0; ; attempt++ {', before: 41 },
    { kind: 'added', text: 'for attempt := 0; attempt < max; attempt++ {', after: 41 },
    { kind: 'added', text: '  lastErr = nil', after: 42 },
    { kind: 'same', text: '}', before: 42, after: 43 },
  ])
  expect(countChanges(parseDiff(diff, 100))).toEqual({ added: 2, removed: 1 })
})

it('reads no further than it is asked', () => {
  expect(parseDiff(`@@ -1 +1 @@\n${'+x\n'.repeat(1_000_000)}`, 50)).toHaveLength(50)
})

it('shows an edit before it is made', () => {
  expect(editLines('a\nb', 'c', 10)).toEqual([
    { kind: 'removed', text: 'a' },
    { kind: 'removed', text: 'b' },
    { kind: 'added', text: 'c' },
  ])
  expect(newFileLines('x\ny\n', 10).map(({ after }) => after)).toEqual([1, 2])
})

it('colours words, texts, numbers, calls and remarks', () => {
  const said = colourLine('return send("a // b", 42) // done').map(({ text, colour }) => `${colour}:${text}`)
  expect(said).toEqual([
    'keyword:return',
    'plain: ',
    'call:send',
    'plain:(',
    'text:"a // b"',
    'plain:, ',
    'number:42',
    'plain:) ',
    'remark:// done',
  ])
})

it('never loses a character', () => {
  for (const line of ['"open text', "it's", '`a', '#!/bin/sh', '\\\\"', 'a /* b', 'x'.repeat(1000)]) {
    expect(
      colourLine(line)
        .map(({ text }) => text)
        .join(''),
    ).toBe(line)
  }
})
