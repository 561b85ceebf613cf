import { expect, it } from 'vitest'
import { findChange } from './shown-change.ts'

it.each([
  ['/home/me/app/a/x.go', 'a/x.go'],
  ['x.go', 'x.go'],
  ['./a/x.go', 'a/x.go'],
  ['~/app/x.go', 'x.go'],
  ['app/a/x.go', 'a/x.go'],
  ['/elsewhere/x.go', undefined],
  ['y.go', undefined],
])('finds what is meant by %s', (asked, path) => {
  expect(findChange(['a/x.go', 'x.go', 'xx.go'], '/home/me/app', asked)).toBe(path)
})
