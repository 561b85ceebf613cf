/** What is made once in a turn of the event loop, however many ask for it. */
export type TurnCache<T> = (key: string, make: () => T) => T

/**
 * For those who are told of one change at the same time. Whoever asks has to hear of what changes after it was made: in
 * the rest of the turn the answer may be older than that.
 */
export function createTurnCache<T>(): TurnCache<T> {
  const made = new Map<string, T>()
  return (key, make) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const fresh = make()
    if (made.size === 0) setImmediate(() => made.clear())
    made.set(key, fresh)
    return fresh
  }
}
