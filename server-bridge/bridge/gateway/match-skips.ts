/**
 * How far a search may jump where nothing begins, after Wu and Manber ("A fast algorithm for multi-pattern searching",
 * 1994): the two bytes at the end of a window tell at which offsets of a match they could stand, so most of a text is
 * never looked at.
 */

/** What may follow a place within a match: the next byte, and the places that it leads to. */
export type Followers<P> = (place: P) => Iterable<readonly [byte: number, places: readonly P[]]>

/** Longer windows make longer jumps, and a table that takes longer to make. */
const longestWindow = 16
/** Beyond that a table costs more to make than it saves, and there is hardly a pair of bytes that is in no match. */
const mostBeginnings = 64

export interface MatchSkips {
  /** The first place from `at` on where a match may begin, as far as that is known without any byte behind. */
  next(bytes: Uint8Array, at: number): number
}

/** Shorter texts are looked through before the table would be made. */
const worthwhileBytes = 512

/**
 * Makes the table when it is first of use.
 *
 * @param shortest bytes of the shortest match there can be.
 * @param keyOf tells places apart.
 */
export function createMatchSkips<P>(
  beginnings: readonly P[],
  shortest: number,
  after: Followers<P>,
  keyOf: (place: P) => number,
): MatchSkips {
  const window = Math.min(shortest, longestWindow)
  if (window < 2 || beginnings.length === 0 || beginnings.length > mostBeginnings)
    return { next: (_bytes, at) => at }
  let jumps: Uint8Array | undefined
  return {
    next(bytes, at) {
      if (bytes.length < worthwhileBytes) return at
      jumps ??= jumpsOf(beginnings, window, after, keyOf)
      let from = at
      for (let end = from + window - 1; end < bytes.length; end = from + window - 1) {
        const jump = jumps[(bytes[end - 1] as number) * 256 + (bytes[end] as number)] as number
        if (jump === 0) break
        from += jump
      }
      return from
    },
  }
}

/** By two bytes at the end of a window: how far the next match is away at least. */
function jumpsOf<P>(
  beginnings: readonly P[],
  window: number,
  after: Followers<P>,
  keyOf: (place: P) => number,
): Uint8Array {
  const jumps = new Uint8Array(256 * 256).fill(window - 1)
  let reached = new Map(beginnings.map((place) => [keyOf(place), { place, by: new Set<number>() }]))
  for (let offset = 0; offset < window; offset += 1) {
    const next: typeof reached = new Map()
    for (const { place, by } of reached.values()) {
      for (const [byte, places] of after(place)) {
        // Offsets grow, so the last one that is written is the smallest jump.
        for (const before of by) jumps[before * 256 + byte] = window - 1 - offset
        for (const one of places) {
          const key = keyOf(one)
          const known = next.get(key)
          if (known === undefined) next.set(key, { place: one, by: new Set([byte]) })
          else known.by.add(byte)
        }
      }
    }
    reached = next
  }
  return jumps
}
