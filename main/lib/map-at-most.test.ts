import { expect, it } from 'vitest'
import { mapAtMost } from './map-at-most.ts'

it('answers in order and has no more under way than it may', async () => {
  let running = 0
  let most = 0
  const result = await mapAtMost(3, [5, 1, 4, 2, 3, 0, 6], async (item) => {
    running += 1
    most = Math.max(most, running)
    for (let turn = 0; turn < item; turn += 1) await Promise.resolve()
    running -= 1
    return item * 2
  })
  expect(result).toEqual([10, 2, 8, 4, 6, 0, 12])
  expect(most).toBe(3)
})

it('begins nothing after a failure, and throws it', async () => {
  const begun: number[] = []
  const all = mapAtMost(2, [1, 2, 3, 4, 5, 6], async (item) => {
    begun.push(item)
    await Promise.resolve()
    if (item === 2) throw new Error('no')
    return item
  })
  await expect(all).rejects.toThrow('no')
  expect(begun.length).toBeLessThan(5)
})

it('answers nothing for nothing', async () => {
  expect(await mapAtMost(4, [], () => Promise.reject(new Error('never')))).toEqual([])
})
