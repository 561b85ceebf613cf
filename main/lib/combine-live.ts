import type { LiveValue } from './live-value.ts'

/** A live value computed from others: read afresh each time, changed when one of them changes. */
export function combineLive<T>(sources: readonly LiveValue<unknown>[], read: () => T): LiveValue<T> {
  return {
    get: read,
    onChange(listener) {
      const stops = sources.map((source) => source.onChange(() => listener(read())))
      return () => {
        for (const stop of stops) stop()
      }
    },
  }
}
