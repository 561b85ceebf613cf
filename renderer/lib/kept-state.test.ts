import { expect, it } from 'vitest'
import { booleanOnly, createKept, numberWithin } from './kept-state.ts'

function memory(entries: Record<string, string> = {}) {
  const map = new Map(Object.entries(entries))
  return {
    map,
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => {
      map.set(key, value)
    },
  }
}

it('is there again the next time', () => {
  const storage = memory()
  createKept('rail', false, booleanOnly, storage).set(true)
  expect(createKept('rail', false, booleanOnly, storage).get()).toBe(true)
})

it('starts from the initial value when what was stored is not valid', () => {
  const parse = numberWithin(0.1, 0.9)
  expect(createKept('share', 0.35, parse, memory({ 'outpost.share': '"tall"' })).get()).toBe(0.35)
  expect(createKept('share', 0.35, parse, memory({ 'outpost.share': '{broken' })).get()).toBe(0.35)
  expect(createKept('share', 0.35, parse, memory({ 'outpost.share': '7' })).get()).toBe(0.9)
})

it('tells those who listen', () => {
  const store = createKept('rail', false, booleanOnly, memory())
  const seen: boolean[] = []
  const stop = store.subscribe(() => seen.push(store.get()))
  store.set(true)
  stop()
  store.set(false)
  expect(seen).toEqual([true])
})
