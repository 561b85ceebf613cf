import { expect, it } from 'vitest'
import { changeTree } from './change-tree.ts'
import type { ChangedFile } from './changed-files.ts'

const file = (path: string, added = 1, removed = 0): ChangedFile => ({
  path,
  kind: 'changed',
  isBinary: false,
  added,
  removed,
  diff: '',
})
const shown = (paths: readonly ChangedFile[], folded: readonly string[] = []) =>
  changeTree(paths, new Set(folded)).map(
    ({ name, depth, added, removed }) => `${'  '.repeat(depth)}${name} +${added} -${removed}`,
  )
const files = [
  file('go.mod', 1, 1),
  file('internal/refund/retry.go', 4, 2),
  file('internal/refund/testdata/b10.json'),
  file('internal/refund/testdata/b9.json'),
  file('docs/a/b/c.md', 0, 3),
]

it('has folders before files, sums below them, and one line for folders that hold nothing else', () => {
  expect(shown(files)).toEqual([
    'docs/a/b +0 -3',
    '  c.md +0 -3',
    'internal/refund +6 -2',
    '  testdata +2 -0',
    '    b9.json +1 -0',
    '    b10.json +1 -0',
    '  retry.go +4 -2',
    'go.mod +1 -1',
  ])
})

it('hides what is in a folded folder, and keeps its sums', () => {
  expect(shown(files, ['internal/refund', 'docs/a/b'])).toEqual([
    'docs/a/b +0 -3',
    'internal/refund +6 -2',
    'go.mod +1 -1',
  ])
})

it('takes names that an object has by itself for names', () => {
  expect(shown([file('__proto__/constructor'), file('__proto__/x/y')])).toEqual([
    '__proto__ +2 -0',
    '  x +1 -0',
    '    y +1 -0',
    '  constructor +1 -0',
  ])
})

it('takes a path of any depth', () => {
  const deep = `a/${'b/'.repeat(20_000)}c`
  expect(shown([file('a/x'), file(deep)]).map((line) => line.slice(0, 10))).toEqual([
    'a +2 -0',
    '  b/b/b/b/',
    '    c +1 -',
    '  x +1 -0',
  ])
})
