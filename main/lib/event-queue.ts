/** Events for one reader, in order. Bounded: a reader that stands still loses the oldest, never the newest. */
export interface EventQueue<T> {
  push(event: T): void
  /** Yields events as they come, until the signal. One reader only. */
  stream(signal: AbortSignal): AsyncGenerator<T, void>
}

/** Makes a queue that holds at most `limit` events that nobody read yet. */
export function createEventQueue<T>(limit: number): EventQueue<T> {
  const waiting: T[] = []
  let wake: () => void = () => undefined
  return {
    push(event) {
      waiting.push(event)
      if (waiting.length > limit) waiting.shift()
      wake()
    },
    async *stream(signal) {
      const onAbort = (): void => wake()
      signal.addEventListener('abort', onAbort)
      try {
        while (!signal.aborted) {
          const event = waiting.shift()
          if (event === undefined) {
            await new Promise<void>((resolve) => {
              wake = resolve
            })
          } else {
            yield event
          }
        }
      } finally {
        signal.removeEventListener('abort', onAbort)
      }
    },
  }
}
