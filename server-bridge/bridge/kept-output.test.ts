import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createKeptOutput } from './kept-output.ts'

const capacity = 128 * 1024

it('gives back what it keeps, and hands over in order what it does not', () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 12 })
  fc.assert(
    fc.property(sizes, (lengths) => {
      const dropped: Buffer[] = []
      let next = 0
      const kept = createKeptOutput(capacity, (bytes, position) => {
        expect(position).toBe(next)
        next += bytes.length
        dropped.push(Buffer.from(bytes))
      })
      const all = Buffer.concat(lengths.map((length, index) => Buffer.alloc(length, index + 1)))
      let at = 0
      for (const length of lengths) {
        kept.push(all.subarray(at, at + length))
        at += length
      }
      expect(kept.end).toBe(all.length)
      expect(kept.end - kept.start).toBeGreaterThanOrEqual(Math.min(all.length, capacity))
      expect(kept.end - kept.start).toBeLessThanOrEqual(capacity + 64 * 1024)
      expect(Buffer.concat([...dropped, kept.read(kept.start, all.length)]).equals(all)).toBe(true)
      expect(Buffer.from(kept.read(kept.end - Math.min(5, all.length), 3))).toEqual(
        all.subarray(all.length - Math.min(5, all.length)).subarray(0, 3),
      )
    }),
    { numRuns: 50 },
  )
})
