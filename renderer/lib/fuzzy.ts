/** How well a text fits what was typed, and which characters matched. */
export interface FuzzyMatch {
  readonly score: number
  /** Matched stretches, `[from, to)`, in order. */
  readonly ranges: readonly (readonly [number, number])[]
}

const wordStart = /[\s/_.:-]/

/**
 * Finds the letters of the query in order. A whole stretch beats scattered letters, and the start of a word beats its
 * middle. Answers null when a letter is missing, or when the letters are spread so thin that it is chance.
 */
export function fuzzyMatch(query: string, text: string): FuzzyMatch | null {
  const needle = query.trim().toLowerCase()
  if (needle === '') return { score: 0, ranges: [] }
  const hay = text.toLowerCase()
  const at = hay.indexOf(needle)
  if (at !== -1) {
    const isStart = at === 0 || wordStart.test(hay[at - 1] ?? '')
    const score =
      100 +
      (at === 0 ? 40 : isStart ? 25 : 0) -
      Math.min(20, at) -
      Math.min(20, hay.length - needle.length) / 2
    return { score, ranges: [[at, at + needle.length]] }
  }
  return scattered(needle, hay)
}

function scattered(needle: string, hay: string): FuzzyMatch | null {
  const ranges: [number, number][] = []
  let score = 0
  let from = 0
  for (const letter of needle) {
    if (letter === ' ') continue
    const at = nextLetter(hay, letter, from)
    if (at === -1) return null
    const last = ranges.at(-1)
    if (last?.[1] === at) {
      last[1] = at + 1
      score += 6
    } else {
      ranges.push([at, at + 1])
      score += at === 0 || wordStart.test(hay[at - 1] ?? '') ? 5 : 1
    }
    from = at + 1
  }
  if (ranges.length > 2 && ranges.length > needle.length / 2) {
    const startsWords = ranges.every(([at]) => at === 0 || wordStart.test(hay[at - 1] ?? ''))
    if (!startsWords) return null
  }
  return { score: score - ranges.length - Math.min(20, hay.length) / 10, ranges }
}

/** The letter right here, else at the start of a later word, else anywhere. */
function nextLetter(hay: string, letter: string, from: number): number {
  if (hay[from] === letter) return from
  for (let at = hay.indexOf(letter, from); at !== -1; at = hay.indexOf(letter, at + 1)) {
    if (at === 0 || wordStart.test(hay[at - 1] ?? '')) return at
  }
  return hay.indexOf(letter, from)
}
