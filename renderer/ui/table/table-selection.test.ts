import { expect, it } from 'vitest'
import { extendTo, keepExisting, noSelection, toggleAll, toggleRow } from './table-selection.ts'

const order = ['a', 'b', 'c', 'd', 'e']
const keysOf = ({ keys }: { readonly keys: ReadonlySet<string> }) => [...keys].toSorted()

it('turns one row on and off', () => {
  const on = toggleRow(noSelection, 'b')
  expect(keysOf(on)).toEqual(['b'])
  expect(keysOf(toggleRow(on, 'b'))).toEqual([])
})

it('selects the range from the row touched last, in both directions', () => {
  const from = toggleRow(noSelection, 'c')
  expect(keysOf(extendTo(from, 'e', order))).toEqual(['c', 'd', 'e'])
  expect(keysOf(extendTo(from, 'a', order))).toEqual(['a', 'b', 'c'])
})

it('starts a range at the row itself when there is no other end', () => {
  expect(extendTo(noSelection, 'b', order)).toEqual({ keys: new Set(['b']), anchor: 'b' })
})

it('starts anew when the other end is gone', () => {
  const selection = { keys: new Set(['x']), anchor: 'x' }
  expect(extendTo(selection, 'b', order).anchor).toBe('b')
})

it('selects all, and none when all are selected', () => {
  const all = toggleAll(noSelection, order)
  expect(keysOf(all)).toEqual(order)
  expect(toggleAll(all, order)).toBe(noSelection)
})

it('drops rows that are gone, and changes nothing when none is', () => {
  const selection = { keys: new Set(['a', 'x']), anchor: 'x' }
  expect(keepExisting(selection, order)).toEqual({ keys: new Set(['a']), anchor: null })
  const kept = toggleRow(noSelection, 'a')
  expect(keepExisting(kept, order)).toBe(kept)
})
