/**
 * Characters without a width of their own (combining marks, joiners) go into the cell before them, and a screen keeps all
 * of them: a program that prints nothing else grows one cell without end. This leaves out what no reader could tell apart.
 */

/** Written languages and stacked emoji need fewer than half of this. */
export const zeroWidthPerCell = 16

const pageSize = 256
/**
 * More than xterm 6 takes for such characters, by its Unicode 6 table, and never less: combining marks, formats, the vowels
 * and finals of Hangul, and four that were marks in Unicode 6.
 */
const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}\u06de\u1160-\u11ff\u1734\u302e\u302f]$/u
const pages = new Map<number, Uint8Array>()

/** Whether a screen may put this code point into the cell before it. */
export function isZeroWidth(codePoint: number): boolean {
  const number = Math.floor(codePoint / pageSize)
  let page = pages.get(number)
  if (page === undefined) {
    page = Uint8Array.from({ length: pageSize }, (_, at) =>
      zeroWidth.test(String.fromCodePoint(number * pageSize + at)) ? 1 : 0,
    )
    pages.set(number, page)
  }
  return page[codePoint % pageSize] === 1
}

/**
 * Makes the limit for one stream of UTF-8, given in pieces that may cut a character: its beginning is held until its end
 * comes. Bytes that are no UTF-8 are left out, as the screen does, so that what is left out around them cannot make a
 * character of them. A piece without anything to leave out is answered as it is, not copied.
 */
export function createZeroWidthLimit(): (bytes: Uint8Array) => Uint8Array {
  let held = new Uint8Array()
  let count = 0

  /** Whether the character may pass. Controls are none: what they move to is another cell, and starts with a character. */
  const passes = (codePoint: number): boolean => {
    if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)) return true
    if (!isZeroWidth(codePoint)) {
      count = 0
      return true
    }
    count += 1
    return count <= zeroWidthPerCell
  }

  return (piece) => {
    const bytes = held.length === 0 ? piece : joined(held, piece)
    held = new Uint8Array()
    // Made with the first byte that is left out.
    let kept: Uint8Array | undefined
    let size = 0
    let at = 0
    while (at < bytes.length) {
      const lead = bytes[at] ?? 0
      if (lead < 0x80) {
        if (lead >= 0x20 && lead !== 0x7f) count = 0
        if (kept !== undefined) kept[size] = lead
        size += 1
        at += 1
        continue
      }
      const character = decode(bytes, at)
      if (character === 'cut') {
        held = bytes.slice(at)
        break
      }
      if (character.codePoint !== undefined && passes(character.codePoint)) {
        kept?.set(bytes.subarray(at, at + character.length), size)
        size += character.length
      } else if (kept === undefined) {
        kept = new Uint8Array(bytes.length)
        kept.set(bytes.subarray(0, at))
      }
      at += character.length
    }
    if (kept !== undefined) return kept.slice(0, size)
    return size === bytes.length ? bytes : bytes.slice(0, size)
  }
}

interface Character {
  /** `undefined`: no UTF-8. */
  readonly codePoint: number | undefined
  readonly length: number
}

/** The character that begins here; `cut`: its end has not come yet. */
function decode(bytes: Uint8Array, at: number): Character | 'cut' {
  const lead = bytes[at] ?? 0
  const length = lead >= 0xf8 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1
  if (length === 1) return { codePoint: undefined, length }
  let codePoint = lead & (0x7f >> length)
  for (let offset = 1; offset < length; offset += 1) {
    const next = bytes[at + offset]
    if (next === undefined) return 'cut'
    // What does not go on is a beginning itself.
    if ((next & 0xc0) !== 0x80) return { codePoint: undefined, length: offset }
    codePoint = (codePoint << 6) | (next & 0x3f)
  }
  return { codePoint: isWellFormed(codePoint, length) ? codePoint : undefined, length }
}

const smallest = [0, 0, 0x80, 0x800, 0x10000]

/** In the shortest form, in range and no surrogate. */
function isWellFormed(codePoint: number, length: number): boolean {
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff
  return codePoint >= (smallest[length] ?? 0) && codePoint <= 0x10ffff && !isSurrogate
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length)
  both.set(first)
  both.set(second, first.length)
  return both
}
