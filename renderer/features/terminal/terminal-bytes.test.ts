import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { terminalAckBytes, terminalInputMaxChars } from '#bridge/contract/bridge-port'
import { ackBytes, createAckCounter, inputMaxChars, splitInput } from './terminal-bytes.ts'

describe('the numbers of the contract', () => {
  it('are the same here', () => {
    expect([ackBytes, inputMaxChars]).toEqual([terminalAckBytes, terminalInputMaxChars])
  })
})

describe('credit', () => {
  it('goes back in steps and never more or less than was parsed, but for a rest below one step', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 200_000 }), { maxLength: 60 }), (batches) => {
        const sent: number[] = []
        const counter = createAckCounter(ackBytes, (bytes) => sent.push(bytes))
        for (const bytes of batches) counter.parsed(bytes)
        const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
        const owed = sum(batches) - sum(sent)
        expect(owed).toBeGreaterThanOrEqual(0)
        expect(owed).toBeLessThan(ackBytes)
        expect(sent.every((bytes) => bytes >= ackBytes)).toBe(true)
      }),
    )
  })
})

describe('input that is too long for one message', () => {
  it('is cut into parts that join to the same text, each small enough and no character cut in two', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.integer({ min: 2, max: 17 }),
        (text, max) => {
          const parts = splitInput(text, max)
          expect(parts.join('')).toBe(text)
          expect(parts.every((part) => part.length > 0 && part.length <= max)).toBe(true)
          const isWhole = (part: string): boolean => !/\p{Surrogate}/u.test(part)
          if (isWhole(text)) expect(parts.every(isWhole)).toBe(true)
        },
      ),
    )
  })
})
