/** How a secret may be written in a text that programs made: as it is, and in every encoding they would give it. */

/** Formats (bidi, zero width, tags), lone surrogates, private use. */
export const invisibleMarks = /[\p{Cf}\p{Cs}\p{Co}\u115F\u1160\u3164\uFFA0\u2800]/gu

/** A shorter value is no secret by itself, and stands in every other word. */
const SHORT = 6

/**
 * All of them, most plain first.
 *
 * @param sent as it goes over the wire: a header's bytes, each as one character.
 */
export function secretSpellings(sent: string): string[] {
  const bytes = Buffer.from(sent, 'latin1')
  const typed = bytes.toString('utf8')
  const raw = [sent, typed]
  // `Bearer abc`: the second half is the secret.
  const credential = /^\w+ (\S+)$/.exec(typed)?.[1]
  if (credential !== undefined && credential.length >= SHORT) raw.push(credential)
  return raw
    .flatMap((value) => [
      value,
      value.replaceAll(invisibleMarks, '').replaceAll(/\s+/g, ' '),
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
