import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  dividerOf,
  dividers,
  paneBeside,
  paneBoxes,
  paneKeys,
  paneLayout,
  parseLayout,
  removePane,
  setShare,
  splitPane,
} from './terminal-layout.ts'

/** a | b over c, and d below all of it. */
const four = splitPane(
  splitPane(splitPane(paneLayout('a'), 'a', 'column', 'd'), 'a', 'row', 'b'),
  'b',
  'column',
  'c',
)

describe('the panes of a tab', () => {
  it('are cut in half', () => {
    expect(paneKeys(four)).toEqual(['a', 'b', 'c', 'd'])
    expect(paneBoxes(four).get('c')).toEqual({ left: 0.5, top: 0.25, width: 0.5, height: 0.25 })
  })

  it.each([
    ['a', 'right', 'c'],
    ['b', 'left', 'a'],
    ['b', 'down', 'c'],
    ['c', 'down', 'd'],
    ['d', 'up', 'c'],
    ['a', 'left', undefined],
    ['d', 'down', undefined],
  ] as const)('beside %s, %s, is %s', (key, side, beside) => {
    expect(paneBeside(four, key, side)).toBe(beside)
  })

  it('leave their space to their neighbour', () => {
    const three = removePane(four, 'b')
    expect(three && paneBoxes(three).get('c')).toEqual({ left: 0.5, top: 0, width: 0.5, height: 0.5 })
    expect(removePane(paneLayout('a'), 'a')).toBeUndefined()
  })

  it('are resized within limits, by the line nearest to them', () => {
    expect(dividers(four).map(({ path }) => path)).toEqual(['', 'a', 'ab'])
    expect(dividerOf(four, 'c', 'row')).toBe('a')
    expect(dividerOf(four, 'c', 'column')).toBe('ab')
    expect(dividerOf(four, 'd', 'row')).toBeUndefined()
    expect(paneBoxes(setShare(four, 'a', 0.01)).get('a')?.width).toBe(0.1)
  })

  it('fill the tab without overlap, however they were made', () => {
    const step = fc.record({
      at: fc.nat(),
      across: fc.boolean(),
      drop: fc.boolean(),
      share: fc.double({ noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        let layout = paneLayout('0')
        for (const [index, { at, across, drop, share }] of steps.entries()) {
          const keys = paneKeys(layout)
          const key = keys[at % keys.length] ?? ''
          layout = drop
            ? (removePane(layout, key) ?? layout)
            : splitPane(layout, key, across ? 'row' : 'column', `${index + 1}`)
          layout = setShare(layout, '', share)
        }
        const area = [...paneBoxes(layout).values()].reduce(
          (sum, { width, height }) => sum + width * height,
          0,
        )
        expect(area).toBeCloseTo(1)
      }),
    )
  })

  it('come back from storage, without those that are gone', () => {
    expect(parseLayout(JSON.parse(JSON.stringify(four)), () => true)).toEqual(four)
    expect(parseLayout(four, (key) => key !== 'b')).toEqual(removePane(four, 'b'))
    for (const junk of [null, 7, {}, { kind: 'pane' }, { kind: 'split', first: null, second: 'x' }]) {
      expect(parseLayout(junk, () => true)).toBeUndefined()
    }
  })
})
