import fc from 'fast-check'
import { expect, it } from 'vitest'
import { notificationText } from './notification-text.ts'

it('leaves a sentence as it is', () => {
  const text = 'The workspace "R&D" was not started: its build failed.'
  expect(notificationText(text)).toBe(text)
})

it('makes markup to text', () => {
  expect(notificationText('<a href="https://evil.example">Sign in</a><img src="https://t.example/p"/>')).toBe(
    '‹a href="https://evil.example"›Sign in‹/a›‹img src="https://t.example/p"/›',
  )
})

it('never has markup, controls, direction marks or any length', () => {
  const piece = fc.oneof(
    fc.constantFrom('<b>', '</b>', '\u202E', '\u0007', '\n', '\u2028', '🚀'),
    fc.string({ unit: 'grapheme' }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
      const text = notificationText(pieces.join(''))
      expect(text).not.toMatch(/[<>\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      expect([...text].length).toBeLessThanOrEqual(300)
    }),
  )
})
