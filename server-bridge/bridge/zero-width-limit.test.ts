import headless from '@xterm/headless'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createZeroWidthLimit, isZeroWidth, zeroWidthPerCell } from './zero-width-limit.ts'

const mark = '\u0301'

function limited(...pieces: readonly (string | Uint8Array)[]): Buffer {
  const limit = createZeroWidthLimit()
  return Buffer.concat(pieces.map((piece) => limit(Buffer.from(piece as string))))
}

/** What one cell of a screen holds after these bytes. */
async function firstCell(bytes: Uint8Array): Promise<string> {
  const terminal = new headless.Terminal({ cols: 20, rows: 2, allowProposedApi: true, logLevel: 'off' })
  await new Promise<void>((resolve) => {
    terminal.write(bytes, resolve)
  })
  const characters = terminal.buffer.active.getLine(0)?.getCell(0)?.getChars() ?? ''
  terminal.dispose()
  return characters
}

describe('the limit of characters without a width', () => {
  it('keeps so many in a cell, and all of the next cell', () => {
    const many = mark.repeat(zeroWidthPerCell)
    expect(limited(`a${many}${mark.repeat(5000)}b${many}`).toString()).toBe(`a${many}b${many}`)
  })

  it('holds over the borders of pieces, also in the middle of a character', () => {
    const bytes = Buffer.from(`é漢🚀a${mark.repeat(5000)}b`)
    const whole = limited(bytes)
    expect(whole.toString()).toBe(`é漢🚀a${mark.repeat(zeroWidthPerCell)}b`)
    for (const size of [1, 2, 3, 7]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      )
      expect(limited(...pieces)).toEqual(whole)
    }
  })

  it('is not lifted by controls, nor by bytes that are no UTF-8 until something between them is left out', async () => {
    const full = `a${mark.repeat(zeroWidthPerCell)}`
    expect(limited(`${full}\u007f${mark}\u0000${mark}`).toString()).toBe(`${full}\u007f\u0000`)
    const split = Buffer.concat([Buffer.from([0xcc]), Buffer.from(mark), Buffer.from([0x81])])
    const cell = await firstCell(limited(full, ...Array.from({ length: 100 }, () => split)))
    expect(cell).toBe(full)
  })

  it('gives back what it leaves as it is, without a copy', () => {
    const bytes = Buffer.from('plain \u001b[31mred\u001b[0m 漢字 e\u0301')
    expect(createZeroWidthLimit()(bytes)).toBe(bytes)
  })

  it('changes no text that a person writes, however it is cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 5 }), (texts) => {
        expect(limited(...texts).toString()).toBe(texts.join(''))
      }),
    )
  })

  it('knows each code point that the screen puts into the cell before', async () => {
    const terminal = new headless.Terminal({ cols: 1000, rows: 200, allowProposedApi: true, logLevel: 'off' })
    const missed: string[] = []
    const step = 400
    const all = Array.from({ length: 0x110000 - 0xa0 }, (_, at) => at + 0xa0).filter(
      (code) => (code < 0xd800 || code > 0xdfff) && !isZeroWidth(code),
    )
    for (let start = 0; start < all.length; start += step * 200) {
      const part = all.slice(start, start + step * 200)
      const rows = Array.from({ length: Math.ceil(part.length / step) }, (_, row) =>
        part.slice(row * step, (row + 1) * step),
      )
      const text = rows
        .map((row, at) => `\u001b[${String(at + 1)};1H\u001b[2K${String.fromCodePoint(...row)}`)
        .join('')
      await new Promise<void>((resolve) => {
        terminal.write(text, resolve)
      })
      for (const at of rows.keys()) {
        const line = terminal.buffer.active.getLine(terminal.buffer.active.baseY + at)
        for (let column = 0; column < 2 * step; column += 1) {
          const characters = [...(line?.getCell(column)?.getChars() ?? '')]
          if (characters.length > 1) missed.push(...characters.slice(1))
        }
      }
    }
    terminal.dispose()
    expect(missed).toEqual([])
  })
})
