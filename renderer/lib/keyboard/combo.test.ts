import { expect, it } from 'vitest'
import { comboCaps, matchesCombo, parseCombo } from './combo.ts'

const press = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
})

it('takes the main modifier of the platform', () => {
  const combo = parseCombo('Mod+K')
  expect(matchesCombo(press('k', { ctrlKey: true }), combo, false)).toBe(true)
  expect(matchesCombo(press('k', { metaKey: true }), combo, true)).toBe(true)
  expect(matchesCombo(press('k', { ctrlKey: true }), combo, true)).toBe(false)
})

it('refuses a modifier too many', () => {
  expect(matchesCombo(press('K', { ctrlKey: true, shiftKey: true }), parseCombo('Mod+K'), false)).toBe(false)
  expect(matchesCombo(press('K', { ctrlKey: true, shiftKey: true }), parseCombo('Mod+Shift+K'), false)).toBe(
    true,
  )
})

it('forgives shift for signs that need it on some keyboards', () => {
  expect(matchesCombo(press('/', { shiftKey: true }), parseCombo('/'), false)).toBe(true)
  expect(matchesCombo(press('`', { ctrlKey: true }), parseCombo('Ctrl+`'), true)).toBe(true)
})

it('prints the caps as the platform does', () => {
  expect(comboCaps('Mod+Shift+P', false)).toEqual(['Ctrl', 'Shift', 'P'])
  expect(comboCaps('Mod+Shift+P', true)).toEqual(['⇧', '⌘', 'P'])
  expect(comboCaps('Escape', false)).toEqual(['Esc'])
})

it('refuses what is not a combination', () => {
  expect(() => parseCombo('Hyper+K')).toThrow('Hyper+K')
  expect(() => parseCombo('Mod+')).toThrow('Mod+')
})
