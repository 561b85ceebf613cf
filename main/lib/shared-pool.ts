/** What runs once however many use it, and ends with its last user. */
export interface Shareable {
  start(): void
  close(): void
}

export interface SharedPool<T extends Shareable> {
  /** Takes the one of this key, made and started where there is none yet. */
  take(key: string, make: () => T): { readonly value: T; readonly release: () => void }
  readonly values: () => readonly T[]
  close(): void
}

/** Makes an empty pool. */
export function createSharedPool<T extends Shareable>(): SharedPool<T> {
  const entries = new Map<string, { readonly value: T; users: number }>()
  return {
    take(key, make) {
      let entry = entries.get(key)
      if (entry === undefined) {
        entry = { value: make(), users: 0 }
        entries.set(key, entry)
        entry.value.start()
      }
      const mine = entry
      mine.users += 1
      let isReleased = false
      return {
        value: mine.value,
        release() {
          if (isReleased) return
          isReleased = true
          mine.users -= 1
          if (mine.users > 0) return
          mine.value.close()
          if (entries.get(key) === mine) entries.delete(key)
        },
      }
    },
    values: () => [...entries.values()].map(({ value }) => value),
    close() {
      for (const { value } of entries.values()) value.close()
      entries.clear()
    },
  }
}
