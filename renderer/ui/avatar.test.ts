import { expect, it } from 'vitest'
import { initials } from './avatar.tsx'

it.each([
  ['owner', 'ow'],
  ['Ada Byron', 'AB'],
  ['grace.hopper', 'gh'],
  ['x', 'x'],
  ['', ''],
])('shortens %s to %s', (name, letters) => {
  expect(initials(name)).toBe(letters)
})
