import { describe, expect, it } from 'vitest'
import { decodeText, encodeText, type TextFormat } from './text-encoding.ts'

describe('the bytes of a text', () => {
  const text = 'a\nß é\n'
  it.each<[TextFormat, number[]]>([
    [{ encoding: 'utf-8', hasBom: false, eol: 'lf' }, [97, 10, 195, 159, 32, 195, 169, 10]],
    [{ encoding: 'utf-8', hasBom: true, eol: 'cr' }, [0xef, 0xbb, 0xbf, 97, 13, 195, 159, 32, 195, 169, 13]],
    [
      { encoding: 'utf-16le', hasBom: true, eol: 'lf' },
      [255, 254, 97, 0, 10, 0, 223, 0, 32, 0, 233, 0, 10, 0],
    ],
    [{ encoding: 'utf-16be', hasBom: false, eol: 'lf' }, [0, 97, 0, 10, 0, 223, 0, 32, 0, 233, 0, 10]],
    [{ encoding: 'windows-1252', hasBom: false, eol: 'crlf' }, [97, 13, 10, 223, 32, 233, 13, 10]],
  ])('are written as %o and read back as they were', (format, bytes) => {
    const written = encodeText(text, format)
    expect([...(written ?? [])]).toEqual(bytes)
    expect(decodeText(Uint8Array.from(bytes), format.encoding)).toBe(text)
  })

  it('are none where the encoding has not all characters', () => {
    expect(encodeText('日', { encoding: 'windows-1252', hasBom: false, eol: 'lf' })).toBeUndefined()
  })

  it('keep every byte of an old encoding', () => {
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => byte !== 13)
    const format: TextFormat = { encoding: 'windows-1252', hasBom: false, eol: 'lf' }
    expect(encodeText(decodeText(all, 'windows-1252'), format)).toEqual(all)
  })
})
