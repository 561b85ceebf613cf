import { fuzzyMatch } from '../../lib/fuzzy.ts'

export interface RankedPath {
  readonly path: string
  readonly ranges: readonly (readonly [number, number])[]
}

/** The paths that fit what was typed, best first. A match in the name itself beats one in its folders. */
export function rankPaths(paths: readonly string[], typed: string, limit: number): readonly RankedPath[] {
  const query = typed.trim()
  if (query === '') return paths.slice(0, limit).map((path) => ({ path, ranges: [] }))
  const letters = query.toLowerCase().replaceAll(' ', '')
  const best: (RankedPath & { readonly score: number })[] = []
  for (const path of paths) {
    if (!hasLetters(path, letters)) continue
    const match = rank(path, query)
    if (!match) continue
    const worst = best.at(-1)
    if (best.length >= limit && worst && match.score <= worst.score) continue
    const at = best.findIndex(({ score }) => score < match.score)
    best.splice(at === -1 ? best.length : at, 0, { path, ...match })
    if (best.length > limit) best.pop()
  }
  return best
}

/** Whether the letters come in this order: most paths are done with here, without making anything. */
function hasLetters(path: string, letters: string): boolean {
  let at = 0
  for (let index = 0; index < path.length && at < letters.length; index += 1) {
    if (path.charAt(index).toLowerCase() === letters.charAt(at)) at += 1
  }
  return at === letters.length
}

function rank(path: string, query: string): { score: number; ranges: RankedPath['ranges'] } | null {
  const start = path.lastIndexOf('/') + 1
  const inName = query.includes('/') ? null : fuzzyMatch(query, path.slice(start))
  if (inName) {
    return {
      score: inName.score + 50,
      ranges: inName.ranges.map(([from, to]) => [from + start, to + start] as const),
    }
  }
  return fuzzyMatch(query, path)
}
