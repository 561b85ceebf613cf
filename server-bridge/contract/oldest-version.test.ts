import { expect, it } from 'vitest'
import { isTooOld } from './oldest-version.ts'

it.each([
  ['v2.19.0', false],
  ['v2.18.5', true],
  ['v2.18.5+abc1234', true],
  ['v2.9.0', true],
  ['v2.31.0', false],
  ['v2.100.0', false],
  ['v3.0.0', false],
  ['v0.27.3', true],
  ['2.18.0', true],
  ['v2.19.0-rc.1', false],
  ['v2.18.0-devel+abc1234', false],
  ['v0.0.0-devel', false],
  ['something', false],
])('%s is too old: %s', (version, isIt) => {
  expect(isTooOld(version)).toBe(isIt)
})
