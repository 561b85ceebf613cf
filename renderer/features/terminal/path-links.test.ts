import { describe, expect, it } from 'vitest'
import { findUrls } from './link-provider.ts'
import { findPaths } from './path-links.ts'

function found(line: string): string[] {
  return findPaths(line, findUrls(line)).map(
    ({ path, line: row, column, start, end }) =>
      `${[path, row, column].filter((part) => part !== undefined).join('|')} = ${line.slice(start, end + 1)}`,
  )
}

describe('paths in the output', () => {
  it.each([
    ['src/main.ts:12:5 - error TS1005', ['src/main.ts|12|5 = src/main.ts:12:5']],
    ['main.go:3: undefined: x', ['main.go|3 = main.go:3']],
    ['src/a.ts(7,13): error', ['src/a.ts|7|13 = src/a.ts(7,13)']],
    ['  File "/opt/app/run.py", line 42, in <module>', ['/opt/app/run.py|42 = /opt/app/run.py']],
    ['see ~/notes/todo.md, and ./x.', ['~/notes/todo.md = ~/notes/todo.md', './x = ./x']],
    ['modified:   docs/häfen/日本.md', ['docs/häfen/日本.md = docs/häfen/日本.md']],
    ['at run (/app/server.js:10:3)', ['/app/server.js|10|3 = /app/server.js:10:3']],
  ])('are found in %j', (line, paths) => {
    expect(found(line)).toEqual(paths)
  })

  it.each([
    'https://coder.com/docs:80/x and more',
    '12:30:05 done',
    'and so on...  / .. //',
    'plain words only',
    'ratio 3:1',
  ])('are none in %j', (line) => {
    expect(found(line)).toEqual([])
  })

  it('take little time in a line that is made to take much', () => {
    expect(found('a:'.repeat(1000) + '('.repeat(1000))).toEqual([])
  })
})
