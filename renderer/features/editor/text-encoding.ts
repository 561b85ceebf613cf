import type { TextEncoding } from '#bridge/contract/remote-files'

export type LineEnding = 'lf' | 'crlf' | 'cr'

/** How the text of a file is written. */
export interface TextFormat {
  readonly encoding: TextEncoding
  readonly hasBom: boolean
  readonly eol: LineEnding
}

export const encodingLabels: Readonly<Record<TextEncoding, string>> = {
  'utf-8': 'UTF-8',
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  'windows-1252': 'Windows-1252',
}
export const eolLabels: Readonly<Record<LineEnding, string>> = { lf: 'LF', crlf: 'CRLF', cr: 'CR' }
const eolTexts: Readonly<Record<LineEnding, string>> = { lf: '\n', crlf: '\r\n', cr: '\r' }

/** The text with `\n` between its lines. */
export function decodeText(bytes: Uint8Array, encoding: TextEncoding): string {
  // A mark at the start is taken off by the decoder.
  return new TextDecoder(encoding).decode(bytes).replace(/\r\n?/g, '\n')
}

/** The bytes of a text with `\n` between its lines; `undefined` where the encoding has not all of its characters. */
export function encodeText(text: string, format: TextFormat): Uint8Array<ArrayBuffer> | undefined {
  const written = format.eol === 'lf' ? text : text.replaceAll('\n', eolTexts[format.eol])
  switch (format.encoding) {
    case 'utf-8':
      return new TextEncoder().encode(format.hasBom ? `\ufeff${written}` : written)
    case 'utf-16le':
    case 'utf-16be':
      return encodeUtf16(format.hasBom ? `\ufeff${written}` : written, format.encoding === 'utf-16le')
    case 'windows-1252':
      return encodeWindows1252(written)
  }
}

function encodeUtf16(text: string, isLittleEndian: boolean): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(text.length * 2))
  for (let index = 0; index < text.length; index += 1) {
    view.setUint16(index * 2, text.charCodeAt(index), isLittleEndian)
  }
  return new Uint8Array(view.buffer)
}

let windows1252: ReadonlyMap<string, number> | undefined

function encodeWindows1252(text: string): Uint8Array<ArrayBuffer> | undefined {
  // The decoder knows the table; this is its other direction.
  windows1252 ??= new Map(
    Array.from({ length: 256 }, (_, byte) => [
      new TextDecoder('windows-1252').decode(Uint8Array.of(byte)),
      byte,
    ]),
  )
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index += 1) {
    const byte = windows1252.get(text.charAt(index))
    if (byte === undefined) return undefined
    bytes[index] = byte
  }
  return bytes
}
