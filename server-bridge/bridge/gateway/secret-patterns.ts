/**
 * The forms in which a value may come back: as it is, escaped for JSON (once or twice, as a tool's text has it), for an
 * address or for HTML, in base64 at any alignment, or in hexadecimal. A pattern is a sequence of places, each of which
 * may hold any of several byte strings, so that mixed forms are found as well.
 */

/** The byte strings one place of a pattern may hold. */
export interface Place {
  readonly forms: readonly Uint8Array[]
  readonly shortest: number
  readonly longest: number
}

export type Pattern = readonly Place[]

/** All patterns of one value. Equal characters share their place, so a long value costs little. */
export function patternsOf(value: string, cache: Map<string, Place> = new Map<string, Place>()): Pattern[] {
  const shared = (key: string, make: () => Iterable<string | Uint8Array>): Place => {
    let place = cache.get(key)
    if (place === undefined) {
      place = placeOf(make())
      cache.set(key, place)
    }
    return place
  }
  const text = Array.from(value, (character) => shared(`t${character}`, () => textForms(character)))
  const patterns: Pattern[] = [text]
  for (const bytes of encodings(value)) {
    patterns.push(
      Array.from(bytes.toString('hex'), (digit) => shared(`h${digit}`, () => [digit, digit.toUpperCase()])),
    )
    for (const characters of base64Parts(bytes)) {
      patterns.push(
        Array.from(characters, (character) => shared(`b${character}`, () => base64Forms(character))),
      )
    }
  }
  return patterns.filter((pattern) => pattern.length > 0).flatMap(windows)
}

/**
 * How many places are looked for at once. The cost of a byte grows with that where a value repeats itself, as of
 * `aaaa…`, of which every byte may be the beginning.
 */
const windowPlaces = 32

/** A longer pattern piece by piece, the last one overlapping: a value is masked when all of its pieces are. */
function windows(pattern: Pattern): Pattern[] {
  const parts: Pattern[] = []
  for (let from = 0; from < pattern.length; from += windowPlaces) {
    const start = Math.max(0, Math.min(from, pattern.length - windowPlaces))
    parts.push(pattern.slice(start, start + windowPlaces))
  }
  return parts
}

/** Header values travel as Latin-1, and a server may take their bytes for UTF-8 or write them out as such. */
function encodings(value: string): Buffer[] {
  const utf8 = Buffer.from(value, 'utf8')
  return [...value].every((character) => character <= '\x7f') ? [utf8] : [utf8, Buffer.from(value, 'latin1')]
}

function placeOf(forms: Iterable<string | Uint8Array>): Place {
  const unique = new Map<string, Uint8Array>()
  for (const form of forms) {
    const bytes = typeof form === 'string' ? Buffer.from(form, 'utf8') : form
    if (bytes.length > 0) unique.set(Buffer.from(bytes).toString('latin1'), bytes)
  }
  const all = [...unique.values()]
  const lengths = all.map((form) => form.length)
  return { forms: all, shortest: Math.min(...lengths), longest: Math.max(...lengths) }
}

function* textForms(character: string): Iterable<string | Uint8Array> {
  yield character
  if (character > '\x7f' && character <= '\xff') yield Buffer.from(character, 'latin1')
  const once = [...jsonForms(character)]
  yield* once
  // JSON inside of a string of JSON: every backslash and quote is escaped again.
  for (const form of [character, ...once]) yield form.replaceAll('\\', '\\\\').replaceAll('"', '\\"')
  yield* percentForms(character)
  yield* htmlForms(character)
}

const shortEscapes: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '/': '\\/', '\t': '\\t' }

function* jsonForms(character: string): Iterable<string> {
  const short = shortEscapes[character]
  if (short !== undefined) yield short
  // UTF-16 units, as JSON has them: a character beyond the first plane is two.
  let forms = ['']
  for (let at = 0; at < character.length; at += 1) {
    const digits = character.charCodeAt(at).toString(16).padStart(4, '0')
    forms = forms.flatMap((head) => spellings(digits).map((spelling) => `${head}\\u${spelling}`))
  }
  yield* forms
}

function* percentForms(character: string): Iterable<string> {
  if (character === ' ') yield '+'
  for (const bytes of encodings(character)) {
    let forms = ['']
    for (const byte of bytes) {
      const digits = byte.toString(16).padStart(2, '0')
      forms = forms.flatMap((head) => spellings(digits).map((spelling) => `${head}%${spelling}`))
    }
    yield* forms
  }
}

const namedEntities: Readonly<Record<string, readonly string[]>> = {
  '&': ['&amp;'],
  '<': ['&lt;'],
  '>': ['&gt;'],
  '"': ['&quot;'],
  "'": ['&apos;', '&#039;'],
}

function* htmlForms(character: string): Iterable<string> {
  yield* namedEntities[character] ?? []
  const code = character.codePointAt(0) ?? 0
  yield `&#${String(code)};`
  for (const spelling of spellings(code.toString(16))) {
    yield `&#x${spelling};`
    yield `&#X${spelling};`
  }
}

/** Hexadecimal digits in either case; in a mixture of both too, since there are few letters among them. */
function spellings(digits: string): string[] {
  let forms = ['']
  for (const digit of digits) {
    const cases = new Set([digit.toLowerCase(), digit.toUpperCase()])
    forms = forms.flatMap((head) => [...cases].map((one) => head + one))
  }
  return forms
}

/**
 * What base64 makes of the bytes wherever they stand in a longer text: three alignments, each without the characters
 * that also hold bits of what stands before and behind.
 */
function base64Parts(bytes: Buffer): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64')
    const first = Math.ceil((before * 8) / 6)
    return encoded.slice(first, Math.floor(((before + bytes.length) * 8) / 6))
  })
}

/** Either alphabet (RFC 4648, 4 and 5), and what JSON and addresses make of the characters that are no letters. */
function* base64Forms(character: string): Iterable<string> {
  yield character
  if (character === '+') yield* ['-', '%2B', '%2b', '\\u002b', '\\u002B']
  if (character === '/') yield* ['_', '%2F', '%2f', '\\/', '\\\\/', '\\u002f', '\\u002F']
}
