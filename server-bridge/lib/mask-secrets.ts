import { secretSpellings } from './secret-spellings.ts'

const mask = '[secret]'
/** A shorter value stands in every other word, so it is masked only where it stands alone. */
const shortChars = 6

/**
 * Makes what takes known secrets out of a text: wherever they stand, as they are, in base64, percent-encoded, in hex, and
 * escaped for JSON once or twice. For texts of megabytes, so no regular expression is asked for long values.
 */
export function createMaskSecrets(secrets: Iterable<string>): (text: string) => string {
  const written = new Set([...secrets].filter((secret) => secret.trim() !== '').flatMap(formsOf))
  const longestFirst = [...written].sort((one, other) => other.length - one.length)
  const long = longestFirst.filter(({ length }) => length >= shortChars)
  const short = longestFirst
    .filter(({ length }) => length < shortChars)
    .map((form) => {
      const literal = form.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
      return new RegExp(`(?<![\\p{L}\\p{N}])${literal}(?![\\p{L}\\p{N}])`, 'gu')
    })
  return (text) => {
    let masked = text
    for (const form of long) if (masked.includes(form)) masked = masked.replaceAll(form, mask)
    for (const pattern of short) masked = masked.replaceAll(pattern, mask)
    return maskCutOff(masked, long)
  }
}

/** How texts that were too long end. */
const cutMark = '…'
/** Texts are cut to less. */
const cutChars = 512

/** What was cut may have been cut within a secret: then its beginning stands before the mark. */
function maskCutOff(text: string, forms: readonly string[]): string {
  if (!text.includes(cutMark)) return text
  const parts = text.split(cutMark)
  const last = parts.pop() ?? ''
  return [...parts.map((part) => maskEnd(part, forms)), last].join(cutMark)
}

function maskEnd(part: string, forms: readonly string[]): string {
  let longest = 0
  for (const form of forms) {
    for (let length = Math.min(form.length - 1, part.length, cutChars); length >= shortChars; length -= 1) {
      if (length > longest && part.endsWith(form.slice(0, length))) longest = length
    }
  }
  return longest === 0 ? part : part.slice(0, -longest) + mask
}

function formsOf(secret: string): string[] {
  const onTheWire = Buffer.from(secret, 'utf8').toString('latin1')
  return [secret, onTheWire].flatMap(secretSpellings).flatMap((form) => {
    const escaped = JSON.stringify(form).slice(1, -1)
    const lower = form.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
    const upper = /^[0-9a-f]{12,}$/.test(form) ? [form.toUpperCase()] : []
    // A text in JSON in a line of a log that is JSON.
    return [form, escaped, JSON.stringify(escaped).slice(1, -1), lower, ...upper]
  })
}
