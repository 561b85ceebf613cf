import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createTurnCache } from './turn-cache.ts'

describe('a turn cache', () => {
  it('makes one answer a key and turn, and another in the next turn', async () => {
    const cache = createTurnCache<{ readonly made: number }>()
    let made = 0
    const ask = (key: string) => cache(key, () => ({ made: (made += 1) }))
    expect(ask('a')).toBe(ask('a'))
    expect(ask('b')).not.toBe(ask('a'))
    expect(made).toBe(2)
    await nextTurn()
    expect(ask('a').made).toBe(3)
  })

  it('keeps nothing of what could not be made', () => {
    const cache = createTurnCache<string>()
    const fail = (): string => {
      throw new Error('gone')
    }
    expect(() => cache('a', fail)).toThrow('gone')
    expect(cache('a', () => 'there')).toBe('there')
  })
})
