/** Text of a stranger's server as it may be shown: without our secrets, and looking like what it is. */
import { createMaskLong } from './long-values.ts'

const MASK = '[your value]'
/** A shorter value is no secret by itself, and stands in every other word. */
const SHORT = 6
/** A longer one is looked for piece by piece: a regular expression has its limits. */
const LONG = 1024

/** Cleans a text and cuts it to that many characters. */
export type ShowText = (text: string, maxChars: number) => string

/**
 * Makes the cleaner for one connection. A server knows the header values it was sent and may well answer with them, so
 * they are masked as sent, as typed and in the encodings that a program would write them in.
 */
export function createShowText(headers: Readonly<Record<string, string>>): ShowText {
  const secrets = [...new Set(Object.values(headers).flatMap(spellings))].sort((a, b) => b.length - a.length)
  const maskLong = createMaskLong(secrets.filter(({ length }) => length > LONG))
  const patterns = secrets
    .filter(({ length }) => length <= LONG)
    .map((secret) => {
      const literal = secret.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
      return new RegExp(
        secret.length < SHORT ? `(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])` : literal,
        'giu',
      )
    })
  const mask = (text: string) =>
    patterns.reduce((masked, pattern) => masked.replaceAll(pattern, MASK), maskLong(text, MASK))
  return (text, maxChars) => {
    // Far more than is shown, so that a secret at the cut is still seen as a whole; far less than a server can send.
    const part = text.length > WORKED_ON ? text.slice(0, WORKED_ON) : text
    // Marks go first: a value with an invisible character in its middle is that value to a reader.
    const plain = mask(part.replaceAll(INVISIBLE, '').replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')).trim()
    const characters = [...plain]
    return characters.length > maxChars ? `${characters.slice(0, maxChars - 1).join('')}…` : plain
  }
}

const WORKED_ON = 64 * 1024
/** Formats (bidi, zero width, tags), lone surrogates, private use. */
const INVISIBLE = /[\p{Cf}\p{Cs}\p{Co}\u115F\u1160\u3164\uFFA0\u2800]/gu

function spellings(sent: string): string[] {
  const bytes = Buffer.from(sent, 'latin1')
  const typed = bytes.toString('utf8')
  const raw = [sent, typed]
  // `Bearer abc`: the second half is the secret.
  const credential = /^\w+ (\S+)$/.exec(typed)?.[1]
  if (credential !== undefined && credential.length >= SHORT) raw.push(credential)
  return raw
    .flatMap((value) => [
      value,
      value.replaceAll(INVISIBLE, '').replaceAll(/\s+/g, ' '),
      JSON.stringify(value).slice(1, -1),
      percentEncoded(value),
      Buffer.from(value).toString('base64'),
      Buffer.from(value).toString('base64').replace(/=+$/, ''),
      Buffer.from(value).toString('base64url'),
      Buffer.from(value).toString('hex'),
      ...withinBase64(value),
    ])
    .filter((value) => value.trim() !== '')
}

/**
 * What base64 makes of the value behind something else, such as a user's name: two more alignments, without the
 * characters that also hold bits of what stands before and behind.
 */
function withinBase64(value: string): string[] {
  const { byteLength } = Buffer.from(value)
  if (byteLength < SHORT) return []
  return [1, 2].flatMap((before) => {
    const encoded = Buffer.from('\0'.repeat(before) + value).toString('base64')
    const part = encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + byteLength) * 8) / 6))
    return [part, part.replaceAll('+', '-').replaceAll('/', '_')]
  })
}

/** As a form or an address would hold it. A lone surrogate, which `encodeURIComponent` refuses, is in no UTF-8 text. */
function percentEncoded(value: string): string {
  return encodeURIComponent(Buffer.from(value).toString('utf8'))
}
