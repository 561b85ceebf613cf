import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeSentMark, encodeSentMark } from './sent-mark.ts'

it('carries any count of bytes of a connection', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (sent) => {
      expect(decodeSentMark(encodeSentMark(sent))).toBe(sent)
    }),
  )
})

it.each(['', 'sent', 'none123456', 'sent1234567'])('takes %j for no mark', (payload) => {
  expect(decodeSentMark(new TextEncoder().encode(payload))).toBeUndefined()
})
