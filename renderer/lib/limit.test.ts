import { expect, it } from 'vitest'
import { createLimit } from './limit.ts'

it('runs so many at once, the others in order, also after a failure', async () => {
  const limit = createLimit(2)
  const ends: ((failed: boolean) => void)[] = []
  const begun: number[] = []
  const all = [0, 1, 2, 3].map((number) =>
    limit(() => {
      begun.push(number)
      return new Promise<number>((resolve, reject) => {
        ends.push((failed) => (failed ? reject(new Error('no')) : resolve(number)))
      })
    }),
  )
  const outcomes = Promise.allSettled(all)
  await Promise.resolve()
  expect(begun).toEqual([0, 1])
  ends[0]?.(true)
  await expect(all[0]).rejects.toThrow('no')
  expect(begun).toEqual([0, 1, 2])
  ends[1]?.(false)
  await all[1]
  expect(begun).toEqual([0, 1, 2, 3])
  ends[2]?.(false)
  ends[3]?.(false)
  expect((await outcomes).map(({ status }) => status)).toEqual([
    'rejected',
    'fulfilled',
    'fulfilled',
    'fulfilled',
  ])
})
