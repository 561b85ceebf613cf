import { expect, it } from 'vitest'
import { clampShare, drawerLimits, shareAfterKey } from './drawer-size.ts'

it('stays within its limits', () => {
  expect(clampShare(0)).toBe(drawerLimits.min)
  expect(clampShare(2)).toBe(drawerLimits.max)
})

it('is resized by keys', () => {
  expect(shareAfterKey('ArrowUp', 0.35)).toBeCloseTo(0.38)
  expect(shareAfterKey('ArrowDown', 0.35)).toBeCloseTo(0.32)
  expect(shareAfterKey('Home', 0.35)).toBe(drawerLimits.max)
  expect(shareAfterKey('Enter', 0.8)).toBe(drawerLimits.rest)
  expect(shareAfterKey('a', 0.35)).toBeNull()
})
