import { describe, expect, it } from 'vitest'
import { mergeTexts } from './merge-lines.ts'

const lines = (...all: string[]): string => all.join('\n')

describe('a three-way merge', () => {
  it('takes what only one side changed', () => {
    const base = lines('a', 'b', 'c', 'd', 'e')
    expect(mergeTexts(base, lines('a', 'B', 'c', 'd', 'e'), lines('a', 'b', 'c', 'e', 'f'))).toEqual({
      text: lines('a', 'B', 'c', 'e', 'f'),
      conflicts: 0,
    })
  })

  it('takes once what both changed the same way', () => {
    expect(mergeTexts('a\nb', 'a\nX', 'a\nX')).toEqual({ text: 'a\nX', conflicts: 0 })
  })

  it('keeps both sides where they differ, between markers', () => {
    expect(mergeTexts(lines('a', 'b', 'c'), lines('a', 'mine', 'c'), lines('a', 'theirs', 'c'))).toEqual({
      text: lines('a', '<<<<<<< yours', 'mine', '=======', 'theirs', '>>>>>>> theirs', 'c'),
      conflicts: 1,
    })
  })

  it('loses no line of either side, whatever was changed', () => {
    let seed = 7
    const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
    const edit = (text: readonly string[], mark: string): string[] =>
      text.flatMap((line, index) => {
        const roll = random(6)
        if (roll === 0) return []
        return roll === 1 ? [line, `${mark}${index}`] : [line]
      })
    for (let round = 0; round < 200; round += 1) {
      const base = Array.from({ length: random(30) }, () => `line ${random(8)}`)
      const [mine, theirs] = [edit(base, 'm'), edit(base, 't')]
      const { text } = mergeTexts(base.join('\n'), mine.join('\n'), theirs.join('\n'))
      const merged = text.split('\n')
      for (const line of [...mine, ...theirs].filter((each) => /^[mt]\d/.test(each))) {
        expect(merged).toContain(line)
      }
      // Nothing changed on one side: the merge is the other side.
      expect(mergeTexts(base.join('\n'), mine.join('\n'), base.join('\n')).text).toBe(mine.join('\n'))
      expect(mergeTexts(base.join('\n'), base.join('\n'), theirs.join('\n')).text).toBe(theirs.join('\n'))
    }
  })

  it('ends soon for texts that have nothing in common', () => {
    const text = (mark: string): string =>
      Array.from({ length: 20_000 }, (_, index) => mark + index).join('\n')
    expect(mergeTexts(text('a'), text('b'), text('c')).conflicts).toBe(1)
  })
})
