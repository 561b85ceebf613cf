/** Which of the desktops that are only looked at is connected: the first that can be seen, or the one that was asked for. */
export interface WatchTurn {
  holder(): string | undefined
  subscribe(listener: () => void): () => void
  /** Waits for its turn, which it has at once where nobody has it. The returned function gives it up. */
  wait(id: string): () => void
  take(id: string): void
}

export function createWatchTurn(): WatchTurn {
  const listeners = new Set<() => void>()
  let waiting: readonly string[] = []
  const set = (next: readonly string[]): void => {
    const before = waiting[0]
    waiting = next
    if (before !== waiting[0]) for (const listener of listeners) listener()
  }
  const without = (id: string): readonly string[] => waiting.filter((one) => one !== id)
  return {
    holder: () => waiting[0],
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    wait(id) {
      set([...without(id), id])
      return () => set(without(id))
    },
    take(id) {
      set([id, ...without(id)])
    },
  }
}

/** That of this window. */
export const watchTurn = createWatchTurn()
