import { describe, expect, it } from 'vitest'
import { createLigatures, ligatureRanges } from './ligatures.ts'

describe('ligatures', () => {
  it('are the longest signs, from left to right', () => {
    expect(ligatureRanges('a => b !== c || d')).toEqual([
      [2, 4],
      [7, 10],
      [13, 15],
    ])
    expect(ligatureRanges('plain text, = and > apart')).toEqual([])
    expect(ligatureRanges('====')).toEqual([[0, 3]])
  })

  it('are joined while they are on, and drawn anew when that changes', () => {
    const calls: string[] = []
    const ligatures = createLigatures({
      registerCharacterJoiner: () => calls.push('on'),
      deregisterCharacterJoiner: (id) => void calls.push(`off ${id}`),
      refresh: (from, to) => void calls.push(`draw ${from}-${to}`),
      rows: 24,
    })
    ligatures.set(false)
    ligatures.set(true)
    ligatures.set(true)
    ligatures.set(false)
    expect(calls).toEqual(['on', 'draw 0-23', 'off 1', 'draw 0-23'])
  })
})
