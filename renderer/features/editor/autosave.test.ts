import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createAutosave } from './autosave.ts'
import type { UnsavedText } from './recovery.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function start(text: () => string | undefined) {
  const done: string[] = []
  const autosave = createAutosave({
    recoveries: {
      keep: async ({ text: kept }: UnsavedText) => {
        done.push(`keep ${kept}`)
        return 'r1'
      },
      remove: async (recoveryId) => void done.push(`remove ${recoveryId}`),
      list: async () => [],
      read: async () => '',
    },
    unsaved: () => {
      const now = text()
      return now === undefined ? undefined : { path: '/x', baseSha256: null, text: now }
    },
    onKept: () => undefined,
    afterMs: 100,
  })
  return { autosave, done }
}

it('keeps a text once typing rests, and not with each letter', async () => {
  let text = 'a'
  const { autosave, done } = start(() => text)
  autosave.changed('1')
  await vi.advanceTimersByTimeAsync(99)
  text = 'ab'
  autosave.changed('1')
  await vi.advanceTimersByTimeAsync(99)
  expect(done).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(done).toEqual(['keep ab'])
})

it('keeps what waits at once when the window goes away', async () => {
  const { autosave, done } = start(() => 'a')
  autosave.changed('1')
  autosave.flush()
  await vi.advanceTimersByTimeAsync(0)
  expect(done).toEqual(['keep a'])
  await vi.advanceTimersByTimeAsync(500)
  expect(done).toHaveLength(1)
})

it('removes what it kept after it was kept, however soon it is saved', async () => {
  const { autosave, done } = start(() => 'a')
  autosave.changed('1')
  autosave.flush()
  autosave.forget('1')
  autosave.forget('1')
  await vi.advanceTimersByTimeAsync(0)
  expect(done).toEqual(['keep a', 'remove r1'])
})
