/**
 * Finds pieces of long header values in a text. A regular expression of such a value would be too large to compile, and
 * a text seldom repeats the whole of it: a server cuts what it answers, and so do we.
 */

/** A piece of fewer characters says too little about a value that is many times as long. */
const BLOCK = 32

/** Puts the mask in the place of every piece of a value that holds a whole block, with what belongs to it on either side. */
export type MaskLong = (text: string, mask: string) => string

/** Works in time linear to the text, whatever the length of the values. Letters of ASCII match in either case. */
export function createMaskLong(values: readonly string[]): MaskLong {
  const folded = values.map(foldCase)
  const blocks = new Map<string, { readonly value: string; readonly at: number }>()
  for (const value of folded) {
    for (let at = 0; at + BLOCK <= value.length; at += BLOCK) {
      const block = value.slice(at, at + BLOCK)
      if (!blocks.has(block)) blocks.set(block, { value, at })
    }
  }
  if (blocks.size === 0) return (text) => text
  return (text, mask) => {
    const plain = foldCase(text)
    let out = ''
    let done = 0
    for (let at = 0; at + BLOCK <= plain.length; at += 1) {
      const found = blocks.get(plain.slice(at, at + BLOCK))
      if (found === undefined) continue
      const { value } = found
      let start = at
      for (
        let before = found.at;
        start > done && before > 0 && plain[start - 1] === value[before - 1];
        before -= 1
      )
        start -= 1
      let end = at + BLOCK
      for (let next = found.at + BLOCK; next < value.length && plain[end] === value[next]; next += 1) end += 1
      // A value that repeats itself goes on behind a block that was found at its first place.
      const goesOn = start === done && done > 0
      out += goesOn ? '' : text.slice(done, start) + mask
      done = end
      at = end - 1
    }
    return out + text.slice(done)
  }
}

/** Keeps the length, which `toLowerCase` does not. */
function foldCase(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}
