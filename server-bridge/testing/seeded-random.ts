export interface SeededRandom {
  /** A whole number from 0 to `below - 1`. */
  below(below: number): number
  /** One of them. */
  pick<T>(choices: readonly T[]): T
  /** Choices of its own, for something that runs beside this. */
  fork(): SeededRandom
}

/** Repeatable choices (the mulberry32 generator): a failure names its seed, and the seed brings it back. */
export function createSeededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (limit: number): number => next() % limit
  return {
    below,
    pick: (choices) => choices[below(choices.length)]!,
    fork: () => createSeededRandom(next()),
  }
}
