import { expect, it } from 'vitest'
import { resolveTheme } from './theme.ts'

it('follows the system only when asked to', () => {
  expect(resolveTheme('system', { dark: true, moreContrast: false })).toBe('dark')
  expect(resolveTheme('system', { dark: false, moreContrast: false })).toBe('light')
  expect(resolveTheme('light', { dark: true, moreContrast: true })).toBe('light')
})

it('puts a wish for more contrast first', () => {
  expect(resolveTheme('system', { dark: true, moreContrast: true })).toBe('hc')
})
