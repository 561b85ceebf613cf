import { act, renderHook } from '@testing-library/react'
import type { ReactNode } from 'react'
import { expect, it } from 'vitest'
import { rowMemory, RowMemoryProvider, type RowMemory, useCallState } from './row-memory.tsx'

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

it('is of a call by what it asks, since a later one may have its id', () => {
  const memory: RowMemory = new Map()
  const state = (args: unknown) =>
    renderHook(() => useCallState({ id: 'toolu_1', args }, 'reason', ''), {
      wrapper: ({ children }: { children: ReactNode }) => (
        <RowMemoryProvider memory={memory}>{children}</RowMemoryProvider>
      ),
    }).result
  const long = 'x'.repeat(5000)
  for (const args of [{ path: 'a' }, '{"path":"a"} ', { text: `${long}a${long}` }]) {
    const first = state(args)
    act(() => first.current[1]('typed'))
    expect(state(args).current[0]).toBe('typed')
  }
  expect(state({ path: 'b' }).current[0]).toBe('')
  expect(state({ text: `${long}bb${long}` }).current[0]).toBe('')
})
