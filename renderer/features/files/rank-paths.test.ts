import { expect, it } from 'vitest'
import { rankPaths } from './rank-paths.ts'

const paths = ['src/main/user.ts', 'docs/users/main.md', 'src/user-list.tsx', 'test/e2e.ts']

it('has names before folders, and says which letters fit', () => {
  const ranked = rankPaths(paths, 'user', 10)
  expect(ranked.map(({ path }) => path)).toEqual([
    'src/main/user.ts',
    'src/user-list.tsx',
    'docs/users/main.md',
  ])
  expect(ranked[0]?.ranges).toEqual([[9, 13]])
})

it('takes parts of a path, keeps to the limit, and shows the first ones while nothing is typed', () => {
  expect(rankPaths(paths, 'docs/ma', 10).map(({ path }) => path)).toEqual(['docs/users/main.md'])
  expect(rankPaths(paths, 's', 2)).toHaveLength(2)
  expect(rankPaths(paths, ' ', 1)).toEqual([{ path: 'src/main/user.ts', ranges: [] }])
})

it('is quick enough to type against the most paths there can be', () => {
  const many = Array.from({ length: 200_000 }, (_, index) => `packages/p${index % 97}/src/file-${index}.ts`)
  expect(rankPaths(many, 'file-19999', 20)[0]?.path).toContain('file-19999')
})
