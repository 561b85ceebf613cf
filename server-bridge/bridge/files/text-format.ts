/** What the bytes of a file are as text. */
import { isUtf8 } from 'node:buffer'
import type { ReadText } from '../../contract/remote-files.ts'

export type TextFormat = Pick<ReadText, 'isBinary' | 'encoding' | 'hasBom' | 'eol' | 'hasMixedEol'>

/** As git looks at: a NUL in here makes a file binary. */
const looked = 8000

/** @param isCut the bytes end anywhere, so the last character may be incomplete. */
export function detectTextFormat(bytes: Buffer, isCut: boolean): TextFormat {
  const encoding = detectEncoding(bytes, isCut)
  if (encoding === null) {
    return { isBinary: true, encoding: 'utf-8', hasBom: false, eol: null, hasMixedEol: false }
  }
  return { isBinary: false, ...encoding, ...detectEol(bytes, encoding.encoding) }
}

function detectEncoding(bytes: Buffer, isCut: boolean): Pick<TextFormat, 'encoding' | 'hasBom'> | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8', hasBom: true }
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', hasBom: true }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', hasBom: true }
  const head = bytes.subarray(0, looked)
  if (head.includes(0)) {
    const wide = wideOrder(head)
    return wide === null ? null : { encoding: wide, hasBom: false }
  }
  const whole = isCut ? bytes.subarray(0, lastWholeCharacter(bytes)) : bytes
  return { encoding: isUtf8(whole) ? 'utf-8' : 'windows-1252', hasBom: false }
}

/** UTF-16 of mostly Latin text has its NULs all on one side, and nearly half of its bytes are. */
function wideOrder(head: Buffer): 'utf-16le' | 'utf-16be' | null {
  if (head.length < 4) return null
  let even = 0
  let odd = 0
  for (const [at, byte] of head.entries()) {
    if (byte !== 0) continue
    if (at % 2 === 0) even += 1
    else odd += 1
  }
  const most = head.length / 2
  if (even === 0 && odd > most * 0.7) return 'utf-16le'
  if (odd === 0 && even > most * 0.7) return 'utf-16be'
  return null
}

function lastWholeCharacter(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) break
    if (byte >= 0xc0) return bytes.length - back
  }
  return bytes.length
}

function detectEol(bytes: Buffer, encoding: TextFormat['encoding']): Pick<TextFormat, 'eol' | 'hasMixedEol'> {
  const wide = encoding === 'utf-16le' || encoding === 'utf-16be'
  const step = wide ? 2 : 1
  const offset = encoding === 'utf-16be' ? 1 : 0
  const unit = (at: number): number => {
    if (!wide) return bytes[at] ?? 0
    return (bytes[at + 1 - offset] ?? 0) === 0 ? (bytes[at + offset] ?? 0) : 0xff
  }
  const count = { lf: 0, crlf: 0, cr: 0 }
  for (let at = 0; at < bytes.length; at += step) {
    const value = unit(at)
    if (value === 0x0a) count.lf += 1
    else if (value === 0x0d) {
      if (unit(at + step) === 0x0a) {
        count.crlf += 1
        at += step
      } else count.cr += 1
    }
  }
  const kinds = (['crlf', 'lf', 'cr'] as const).filter((kind) => count[kind] > 0)
  const [most = null] = kinds.toSorted((a, b) => count[b] - count[a])
  return { eol: most, hasMixedEol: kinds.length > 1 }
}
