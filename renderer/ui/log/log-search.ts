/** A place where the searched words stand. */
export interface LogMatch {
  readonly line: number
  readonly from: number
  readonly to: number
}

/** More than this is not counted further; nobody steps through it. */
export const matchLimit = 5000

/** Finds the words, without case, in lines that carry no codes any more. */
export function findMatches(lines: readonly string[], query: string): readonly LogMatch[] {
  const needle = query.toLowerCase()
  if (needle === '') return []
  const matches: LogMatch[] = []
  for (const [line, text] of lines.entries()) {
    const hay = text.toLowerCase()
    for (let from = hay.indexOf(needle); from !== -1; from = hay.indexOf(needle, from + needle.length)) {
      matches.push({ line, from, to: from + needle.length })
      if (matches.length === matchLimit) return matches
    }
  }
  return matches
}

/** A piece of a line: which look it has, and whether it is a match. */
export interface MarkedPiece<Style> {
  readonly text: string
  readonly style: Style
  /** The index among `marks`, or -1. */
  readonly mark: number
}

/** Cuts styled spans at the edges of matches, so that both can be painted. `start` is where the first span stands. */
export function markSpans<Style>(
  spans: readonly { readonly text: string; readonly style: Style }[],
  marks: readonly { readonly from: number; readonly to: number }[],
  start = 0,
): readonly MarkedPiece<Style>[] {
  const pieces: MarkedPiece<Style>[] = []
  let offset = start
  for (const span of spans) {
    const end = offset + span.text.length
    const edges = marks.flatMap(({ from, to }) => [from, to]).filter((edge) => edge > offset && edge < end)
    const cuts = [offset, ...[...new Set(edges)].toSorted((a, b) => a - b), end]
    for (let index = 0; index + 1 < cuts.length; index += 1) {
      const from = cuts[index] ?? offset
      const to = cuts[index + 1] ?? end
      pieces.push({
        text: span.text.slice(from - offset, to - offset),
        style: span.style,
        mark: marks.findIndex((match) => match.from <= from && match.to >= to),
      })
    }
    offset = end
  }
  return pieces
}
