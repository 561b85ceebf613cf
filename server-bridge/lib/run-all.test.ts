import { expect, it } from 'vitest'
import { runAll } from './run-all.ts'

it('runs all, and throws what the first that failed has thrown', () => {
  const ran: string[] = []
  const work =
    (name: string, fails = false) =>
    () => {
      ran.push(name)
      if (fails) throw new Error(name)
    }
  expect(() => runAll([work('a'), work('b', true), work('c', true), work('d')])).toThrow('b')
  runAll([work('e')])
  expect(ran).toEqual(['a', 'b', 'c', 'd', 'e'])
})
