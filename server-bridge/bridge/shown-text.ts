/** Text of a stranger's server as it may be shown: without our secrets, and looking like what it is. */
import { invisibleMarks, secretSpellings } from '../lib/secret-spellings.ts'
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
  const secrets = [...new Set(Object.values(headers).flatMap(secretSpellings))].sort(
    (a, b) => b.length - a.length,
  )
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
    const plain = mask(
      part.replaceAll(invisibleMarks, '').replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' '),
    ).trim()
    const characters = [...plain]
    return characters.length > maxChars ? `${characters.slice(0, maxChars - 1).join('')}…` : plain
  }
}

const WORKED_ON = 64 * 1024
