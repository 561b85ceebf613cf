/** A value that changes over time, and a stream of it that never grows behind a slow reader. */
export interface LiveValue<T> {
  get(): T
  /** Calls back after each change; the returned function ends it. */
  onChange(listener: (value: T) => void): () => void
}

export interface WritableLiveValue<T> extends LiveValue<T> {
  /** Sets the value and tells listeners, unless it is the same one. */
  set(value: T): void
}

/** Makes a live value. */
export function createLiveValue<T>(initial: T): WritableLiveValue<T> {
  let value = initial
  const listeners = new Set<(value: T) => void>()
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const listener of [...listeners]) listener(next)
    },
    onChange(listener) {
      const entry = (changed: T): void => listener(changed)
      listeners.add(entry)
      return () => {
        listeners.delete(entry)
      }
    },
  }
}

/**
 * Yields the value now and after each change, until the signal. Changes that come while the reader is busy are folded
 * into one: the reader sees the latest, and nothing is buffered.
 */
export async function* streamLatest<T>(value: LiveValue<T>, signal: AbortSignal): AsyncGenerator<T, void> {
  let changed = true
  let wake: () => void = () => undefined
  const onWake = (): void => wake()
  const stopListening = value.onChange(() => {
    changed = true
    onWake()
  })
  signal.addEventListener('abort', onWake)
  try {
    while (!signal.aborted) {
      if (changed) {
        changed = false
        yield value.get()
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    }
  } finally {
    stopListening()
    signal.removeEventListener('abort', onWake)
  }
}
