/**
 * Finds patterns in a stream of bytes: an automaton whose states are made when they are first reached (a lazy subset
 * construction), so that a byte costs one look-up and a value of any length no memory of its own.
 */
import type { Pattern, Place } from './secret-patterns.ts'

/** States kept; beyond that all are made anew. Each has 256 successors, so this is a few MiB at most. */
const maxStates = 1000

/**
 * Beginnings followed at a time. A value that repeats itself begins anew with every byte of its echo, and to follow all
 * of them would take the square of its length.
 */
const maxBegun = 64

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
  /** More has begun than is followed: what is held back looks so much like a value that it has to be taken for one. */
  readonly isCrowded: boolean
}

export interface SecretMatcher {
  readonly idle: MatchState
  /** Bytes of the longest match there can be. */
  readonly longest: number
  step(state: MatchState, byte: number): MatchState
  /** Where the longest match of a pattern that ends before `end` begins. */
  startOf(pattern: number, bytes: Uint8Array, end: number): number
}

export function createSecretMatcher(patterns: readonly Pattern[]): SecretMatcher {
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
  const makeState = (begun: readonly Progress[], ends: readonly number[], isCrowded = false): MatchState => ({
    next: new Array<MatchState | undefined>(256).fill(undefined),
    progress: [...beginnings, ...begun],
    ends,
    isIdle: begun.length === 0,
    isCrowded,
  })
  const idle = makeState([], [])

  const stateOf = (all: readonly Progress[], ends: readonly number[]): MatchState => {
    if (all.length === 0 && ends.length === 0) return idle
    const isCrowded = all.length > maxBegun
    // The newest come first; those that have got furthest stay.
    const begun = isCrowded ? all.slice(-maxBegun) : all
    const key = `${String(isCrowded)}|${begun.map(({ pattern, place, node }) => `${String(pattern)}.${String(place)}.${String(idOf(node))}`).join()}|${ends.join()}`
    const known = states.get(key)
    if (known !== undefined) return known
    if (states.size >= maxStates) {
      states = new Map()
      idle.next.fill(undefined)
    }
    const state = makeState(begun, ends, isCrowded)
    states.set(key, state)
    return state
  }

  const step = (state: MatchState, byte: number): MatchState => {
    const begun = new Map<string, Progress>()
    const ends = new Set<number>()
    const add = (progress: Progress): void => {
      begun.set(
        `${String(progress.pattern)}.${String(progress.place)}.${String(idOf(progress.node))}`,
        progress,
      )
    }
    for (const { pattern, place, node } of state.progress) {
      const reached = node.next.get(byte)
      if (reached === undefined) continue
      if (reached.next.size > 0) add({ pattern, place, node: reached })
      if (!reached.complete) continue
      const following = patterns[pattern]?.[place + 1]
      if (following === undefined) ends.add(pattern)
      else add({ pattern, place: place + 1, node: rootOf(following) })
    }
    const next = stateOf([...begun.values()], [...ends])
    state.next[byte] = next
    return next
  }

  return {
    idle,
    longest: Math.max(0, ...patterns.map((places) => places.reduce((sum, { longest }) => sum + longest, 0))),
    step,
    startOf: (pattern, bytes, end) => longestStart(patterns[pattern] ?? [], bytes, end),
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

/** Walks back place by place; the forms of a place differ in length, so several offsets may be possible at once. */
function longestStart(places: Pattern, bytes: Uint8Array, end: number): number {
  let offsets = new Set([end])
  for (let at = places.length - 1; at >= 0; at -= 1) {
    const before = new Set<number>()
    for (const offset of offsets) {
      for (const form of places[at]?.forms ?? []) {
        if (endsWith(bytes, offset, form)) before.add(offset - form.length)
      }
    }
    if (before.size === 0) return end
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
