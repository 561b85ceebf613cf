/**
 * Finds patterns in a stream of bytes: an automaton whose states are made when they are first reached (a lazy subset
 * construction), so that a byte costs one look-up and a value of any length no memory of its own.
 */
import { createMatchSkips, type MatchSkips } from './match-skips.ts'
import type { Pattern, Place } from './secret-patterns.ts'

/** States kept; beyond that all are made anew. Each has 256 successors, so this is a few MiB at most. */
const maxStates = 1000

interface Node {
  readonly next: Map<number, Node>
  /** A form of the place is complete here. */
  complete: boolean
}

/** How far one pattern has got: `place` forms are complete, and `node` of the next one is reached. */
interface Progress {
  readonly pattern: number
  readonly place: number
  readonly node: Node
}

export interface MatchState {
  readonly next: (MatchState | undefined)[]
  readonly progress: readonly Progress[]
  /** Patterns that end with the byte that led here. */
  readonly ends: readonly number[]
  /** Nothing has begun: no earlier byte can still become part of a match. */
  readonly isIdle: boolean
}

export interface SecretMatcher {
  readonly idle: MatchState
  /** Bytes of the longest match there can be. */
  readonly longest: number
  step(state: MatchState, byte: number): MatchState
  /** Where a match may begin. */
  readonly skips: MatchSkips
  /** Where the longest match of a pattern that ends before `end` begins. */
  startOf(pattern: number, bytes: Uint8Array, end: number): number
}

export function createSecretMatcher(given: readonly Pattern[]): SecretMatcher {
  const patterns = withoutEqual(given)
  const endings = new Map<Place, Endings>()
  for (const place of patterns.flat()) if (!endings.has(place)) endings.set(place, endingsOf(place))
  const roots = new Map<Place, Node>()
  const nodeIds = new Map<Node, number>()
  const rootOf = (place: Place): Node => {
    let root = roots.get(place)
    if (root === undefined) {
      root = trieOf(place.forms)
      roots.set(place, root)
    }
    return root
  }
  const idOf = (node: Node): number => {
    let id = nodeIds.get(node)
    if (id === undefined) {
      id = nodeIds.size
      nodeIds.set(node, id)
    }
    return id
  }
  const beginnings = patterns.flatMap((places, pattern) => {
    const [first] = places
    return first === undefined ? [] : [{ pattern, place: 0, node: rootOf(first) }]
  })

  let states = new Map<string, MatchState>()
  const makeState = (begun: readonly Progress[], ends: readonly number[]): MatchState => ({
    next: new Array<MatchState | undefined>(256).fill(undefined),
    progress: [...beginnings, ...begun],
    ends,
    isIdle: begun.length === 0,
  })
  const idle = makeState([], [])

  const stateOf = (begun: readonly Progress[], ends: readonly number[]): MatchState => {
    if (begun.length === 0 && ends.length === 0) return idle
    const key = `${begun.map(keyOf).join()}|${ends.join()}`
    const known = states.get(key)
    if (known !== undefined) return known
    if (states.size >= maxStates) {
      states = new Map()
      idle.next.fill(undefined)
    }
    const state = makeState(begun, ends)
    states.set(key, state)
    return state
  }

  /** Where a byte leads: on within a form, to the next place, or to the end of the pattern. */
  const reach = (
    { pattern, place }: Progress,
    reached: Node,
  ): { readonly begun: Progress[]; readonly isEnd: boolean } => {
    const begun = reached.next.size > 0 ? [{ pattern, place, node: reached }] : []
    if (!reached.complete) return { begun, isEnd: false }
    const following = patterns[pattern]?.[place + 1]
    if (following === undefined) return { begun, isEnd: true }
    return { begun: [...begun, { pattern, place: place + 1, node: rootOf(following) }], isEnd: false }
  }
  // A pattern has no more places than a window, and nobody has a million patterns.
  const keyOf = ({ pattern, place, node }: Progress): number => (idOf(node) * 64 + place) * 2 ** 20 + pattern

  const step = (state: MatchState, byte: number): MatchState => {
    const begun = new Map<number, Progress>()
    const ends = new Set<number>()
    for (const progress of state.progress) {
      const reached = progress.node.next.get(byte)
      if (reached === undefined) continue
      const to = reach(progress, reached)
      for (const one of to.begun) begun.set(keyOf(one), one)
      if (to.isEnd) ends.add(progress.pattern)
    }
    const next = stateOf([...begun.values()], [...ends])
    state.next[byte] = next
    return next
  }

  const skips = createMatchSkips(
    beginnings,
    Math.min(...patterns.map((places) => places.reduce((sum, { shortest }) => sum + shortest, 0))),
    function* (progress) {
      for (const [byte, reached] of progress.node.next) yield [byte, reach(progress, reached).begun] as const
    },
    keyOf,
  )

  return {
    idle,
    longest: Math.max(0, ...patterns.map((places) => places.reduce((sum, { longest }) => sum + longest, 0))),
    step,
    skips,
    startOf: (pattern, bytes, end) => longestStart(patterns[pattern] ?? [], endings, bytes, end),
  }
}

function trieOf(forms: readonly Uint8Array[]): Node {
  const root: Node = { next: new Map(), complete: false }
  for (const form of forms) {
    let node = root
    for (const byte of form) {
      let next = node.next.get(byte)
      if (next === undefined) {
        next = { next: new Map(), complete: false }
        node.next.set(byte, next)
      }
      node = next
    }
    node.complete = true
  }
  return root
}

/** Pieces of a value that repeats itself are equal: their places are the same ones. */
function withoutEqual(patterns: readonly Pattern[]): Pattern[] {
  const ids = new Map<Place, number>()
  const unique = new Map<string, Pattern>()
  for (const pattern of patterns) {
    for (const place of pattern) if (!ids.has(place)) ids.set(place, ids.size)
    unique.set(pattern.map((place) => ids.get(place)).join(), pattern)
  }
  return [...unique.values()]
}

/** The forms of a place by their last byte, so that few have to be compared. */
type Endings = readonly (readonly Uint8Array[] | undefined)[]

function endingsOf({ forms }: Place): Endings {
  const endings = new Array<Uint8Array[] | undefined>(256).fill(undefined)
  for (const form of forms) (endings[form.at(-1) ?? 0] ??= []).push(form)
  return endings
}

/** Walks back place by place; the forms of a place differ in length, so several offsets may be possible at once. */
function longestStart(
  places: Pattern,
  endings: ReadonlyMap<Place, Endings>,
  bytes: Uint8Array,
  end: number,
): number {
  let offsets = [end]
  for (let at = places.length - 1; at >= 0; at -= 1) {
    const place = places[at]
    const byEnding = place === undefined ? undefined : endings.get(place)
    const before: number[] = []
    for (const offset of offsets) {
      for (const form of byEnding?.[bytes[offset - 1] ?? 0] ?? []) {
        const start = offset - form.length
        if (endsWith(bytes, offset, form) && !before.includes(start)) before.push(start)
      }
    }
    if (before.length === 0) return end
    offsets = before
  }
  return Math.min(...offsets)
}

function endsWith(bytes: Uint8Array, end: number, form: Uint8Array): boolean {
  const start = end - form.length
  if (start < 0) return false
  for (let at = 0; at < form.length; at += 1) if (bytes[start + at] !== form[at]) return false
  return true
}
