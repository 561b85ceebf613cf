import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { unifiedDiff } from './unified-diff.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outpost-diff-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('shows what was changed with what is around it', () => {
  const before = Array.from({ length: 20 }, (_, index) => `line ${index + 1}\n`).join('')
  const after = before.replace('line 5\n', 'five\n').replace('line 17\n', '')
  expect(unifiedDiff('f', before, after).split('\n')).toEqual([
    '--- f',
    '+++ f',
    '@@ -2,7 +2,7 @@',
    ...[' line 2', ' line 3', ' line 4', '-line 5', '+five', ' line 6', ' line 7', ' line 8'],
    '@@ -14,7 +14,6 @@',
    ...[' line 14', ' line 15', ' line 16', '-line 17', ' line 18', ' line 19', ' line 20'],
  ])
  expect(unifiedDiff('f', 'a', 'a')).toBe('')
})

it('is taken by git, whatever the texts', () => {
  const text = fc
    .array(fc.constantFrom('a\n', 'b\n', 'c\n', '\n', 'last'), { maxLength: 12 })
    .map((lines) => lines.join(''))
  fc.assert(
    fc.property(text, text, (before, after) => {
      fc.pre(before !== after && before !== '' && after !== '')
      writeFileSync(join(folder, 'f'), before)
      const patch = unifiedDiff('f', before, after)
      execFileSync('git', ['apply', '-p0', '--unidiff-zero', '--whitespace=nowarn', '-'], {
        cwd: folder,
        input: `${patch}\n`,
      })
      expect(execFileSync('cat', [join(folder, 'f')], { encoding: 'utf8' })).toBe(after)
    }),
    { numRuns: 25 },
  )
})
