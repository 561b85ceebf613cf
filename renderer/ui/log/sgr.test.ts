import { describe, expect, it } from 'vitest'
import { parseSgr, stripSgr } from './sgr.ts'

const esc = '\u001b'

describe('colours', () => {
  it('come from the palette of the theme', () => {
    expect(parseSgr(`${esc}[31mred${esc}[0m plain ${esc}[92mbright`)).toEqual([
      { text: 'red', style: { color: 'var(--a1)' } },
      { text: ' plain ', style: {} },
      { text: 'bright', style: { color: 'var(--a10)' } },
    ])
  })

  it('of 256 are the palette, the cube and the greys', () => {
    const colorOf = (index: number) => parseSgr(`${esc}[38;5;${index}mx`)[0]?.style.color
    expect(colorOf(9)).toBe('var(--a9)')
    expect(colorOf(196)).toBe('rgb(255 0 0)')
    expect(colorOf(255)).toBe('rgb(238 238 238)')
    expect(colorOf(256)).toBeUndefined()
  })

  it('are exact in both spellings', () => {
    expect(parseSgr(`${esc}[38;2;1;2;3mx`)[0]?.style.color).toBe('rgb(1 2 3)')
    expect(parseSgr(`${esc}[48:2::1:2:3mx`)[0]?.style.background).toBe('rgb(1 2 3)')
    expect(parseSgr(`${esc}[38;2;1;2;3;1mx`)[0]?.style.bold).toBe(true)
  })
})

it('adds and takes away attributes', () => {
  const [first, second] = parseSgr(`${esc}[1;4;31mab${esc}[22;24mc`)
  expect(first?.style).toMatchObject({ bold: true, underline: true, color: 'var(--a1)' })
  expect(second?.style.bold).toBeUndefined()
  expect(second?.style.color).toBe('var(--a1)')
})

it('reads an empty code as a reset', () => {
  expect(parseSgr(`${esc}[31ma${esc}[mb`)[1]).toEqual({ text: 'b', style: {} })
})

it('takes every other sequence out', () => {
  const line = `${esc}[2K${esc}[1;1H${esc}]0;title\u0007${esc}]8;;https://x${esc}\\link${esc}]8;;${esc}\\${esc}(B\u0007 end`
  expect(stripSgr(line)).toBe('link end')
})

it('keeps what a progress line wrote last', () => {
  expect(stripSgr('10 %\r50 %\r100 %\r\n')).toBe('100 %')
})

it('leaves brackets that are no sequence alone', () => {
  expect(stripSgr('a[31mb <b>&amp;')).toBe('a[31mb <b>&amp;')
})
