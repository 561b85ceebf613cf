/** Names as bytes of SFTP and as text of the contract: what is no UTF-8 becomes lone surrogates and comes back as it was. */
import { isUtf8 } from 'node:buffer'

/** The text of a name's bytes. */
export function textOfName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8')
  let text = ''
  for (let at = 0; at < bytes.length;) {
    const length = utf8Length(bytes, at)
    if (length === 0) {
      text += String.fromCharCode(0xdc00 + (bytes[at] ?? 0))
      at += 1
    } else {
      text += bytes.toString('utf8', at, at + length)
      at += length
    }
  }
  return text
}

/** The bytes of a name's text, as they came from {@link textOfName}. */
export function bytesOfName(text: string): Buffer {
  if (!/\p{Cs}/u.test(text)) return Buffer.from(text, 'utf8')
  const parts: Buffer[] = []
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    parts.push(
      point >= 0xdc80 && point <= 0xdcff ? Buffer.from([point - 0xdc00]) : Buffer.from(character, 'utf8'),
    )
  }
  return Buffer.concat(parts)
}

/** Bytes of the character that begins here; 0 where none does. */
function utf8Length(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0
  const length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0
  return length > 0 && at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length)) ? length : 0
}
