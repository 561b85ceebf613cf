/** Three-way merge of texts by lines, as in Khanna, Kunal and Pierce, "A Formal Investigation of Diff3" (2007). */

export interface MergedText {
  readonly text: string
  /** How many places both sides changed differently; they stand between markers. */
  readonly conflicts: number
}

interface Sides {
  readonly base: readonly string[]
  readonly mine: readonly string[]
  readonly theirs: readonly string[]
}

/** Merges what both changed since `base`. Where they differ, both stay, between the markers that git uses. */
export function mergeTexts(base: string, mine: string, theirs: string): MergedText {
  const sides: Sides = { base: base.split('\n'), mine: mine.split('\n'), theirs: theirs.split('\n') }
  const inMine = matches(sides.base, sides.mine)
  const inTheirs = matches(sides.base, sides.theirs)
  const lines: string[] = []
  let conflicts = 0
  let at = { base: 0, mine: 0, theirs: 0 }
  while (at.base <= sides.base.length) {
    const next = nextCommon(at.base, sides, inMine, inTheirs)
    const chunk = {
      base: sides.base.slice(at.base, next.base),
      mine: sides.mine.slice(at.mine, next.mine),
      theirs: sides.theirs.slice(at.theirs, next.theirs),
    }
    const resolved = resolve(chunk)
    if (resolved) lines.push(...resolved)
    else {
      conflicts += 1
      lines.push('<<<<<<< yours', ...chunk.mine, '=======', ...chunk.theirs, '>>>>>>> theirs')
    }
    if (next.base >= sides.base.length) break
    lines.push(sides.base[next.base] ?? '')
    at = { base: next.base + 1, mine: next.mine + 1, theirs: next.theirs + 1 }
  }
  return { text: lines.join('\n'), conflicts }
}

/** The next line of the base that both sides still have, or all ends. */
function nextCommon(
  from: number,
  { base, mine, theirs }: Sides,
  inMine: ReadonlyMap<number, number>,
  inTheirs: ReadonlyMap<number, number>,
): { readonly base: number; readonly mine: number; readonly theirs: number } {
  for (let index = from; index < base.length; index += 1) {
    const a = inMine.get(index)
    const b = inTheirs.get(index)
    if (a !== undefined && b !== undefined) return { base: index, mine: a, theirs: b }
  }
  return { base: base.length, mine: mine.length, theirs: theirs.length }
}

function resolve({ base, mine, theirs }: Sides): readonly string[] | undefined {
  if (same(mine, theirs) || same(theirs, base)) return mine
  return same(mine, base) ? theirs : undefined
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, index) => line === b[index])
}

/** Above this many steps the middle counts as changed as a whole: the answer is coarser, never wrong. */
const maxSteps = 600

/** Which line of `a` is which of `b`: Myers' greedy algorithm between what is the same at both ends. */
function matches(a: readonly string[], b: readonly string[]): ReadonlyMap<number, number> {
  const found = new Map<number, number>()
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) {
    found.set(start, start)
    start += 1
  }
  let [endA, endB] = [a.length, b.length]
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1
    endB -= 1
    found.set(endA, endB)
  }
  for (const [x, y] of longestCommon(a.slice(start, endA), b.slice(start, endB))) {
    found.set(start + x, start + y)
  }
  return found
}

function longestCommon(a: readonly string[], b: readonly string[]): readonly (readonly [number, number])[] {
  const trace: Map<number, number>[] = []
  let reach = new Map([[1, 0]])
  for (let d = 0; d <= Math.min(a.length + b.length, maxSteps); d += 1) {
    trace.push(new Map(reach))
    for (let k = -d; k <= d; k += 2) {
      const isDown = k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1))
      let x = isDown ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1
      reach.set(k, x)
      if (x >= a.length && x - k >= b.length) return walkBack(trace, a.length, b.length)
    }
    reach = new Map(reach)
  }
  return []
}

function walkBack(
  trace: readonly ReadonlyMap<number, number>[],
  endX: number,
  endY: number,
): [number, number][] {
  const pairs: [number, number][] = []
  let [x, y] = [endX, endY]
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const reach = trace[d] ?? new Map<number, number>()
    const k = x - y
    const isDown = k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1))
    const before = isDown ? k + 1 : k - 1
    const fromX = reach.get(before) ?? 0
    const fromY = fromX - before
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      x -= 1
      y -= 1
      pairs.push([x, y])
    }
    ;[x, y] = [fromX, fromY]
  }
  return pairs
}
