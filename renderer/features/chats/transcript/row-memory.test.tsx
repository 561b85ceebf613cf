import { expect, it } from 'vitest'
import { rowMemory } from './row-memory.tsx'

it('is that of one chat of one deployment, also after another was looked at', () => {
  rowMemory('acme.a').set('call "x" reason', 'typed')
  rowMemory('acme.b')
  expect(rowMemory('acme.a').get('call "x" reason')).toBe('typed')
  expect(rowMemory('other.a').size).toBe(0)
})

it('keeps those that were opened last', () => {
  rowMemory('first').set('a', 1)
  rowMemory('second').set('a', 2)
  for (let index = 0; index < 48; index += 1) rowMemory(`more.${index}`)
  rowMemory('first')
  rowMemory('one more')
  expect(rowMemory('first').get('a')).toBe(1)
  expect(rowMemory('second').size).toBe(0)
})
