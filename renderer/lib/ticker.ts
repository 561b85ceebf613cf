import { useSyncExternalStore } from 'react'
import { relativeStepMs } from './duration.ts'

/** Tells the time to everything that ticks. One timer for the whole window; it rests while the window is hidden. */
export interface Ticker {
  readonly subscribe: (listener: () => void) => () => void
  /** The time of the last tick. */
  readonly now: () => number
}

export interface TickerPorts {
  readonly now: () => number
  readonly every: (ms: number, run: () => void) => () => void
  /** Runs when the window shows or hides. */
  readonly onVisibility: (run: (visible: boolean) => void) => () => void
}

/** Builds a ticker on the given clock. */
export function createTicker(ports: TickerPorts): Ticker {
  const listeners = new Set<() => void>()
  let current = ports.now()
  let stopTimer: (() => void) | null = null
  let stopWatch: (() => void) | null = null

  const tick = () => {
    current = ports.now()
    for (const listener of listeners) listener()
  }
  const run = () => {
    stopTimer ??= ports.every(1000, tick)
  }
  const rest = () => {
    stopTimer?.()
    stopTimer = null
  }

  return {
    now: () => current,
    subscribe: (listener) => {
      listeners.add(listener)
      if (listeners.size === 1) {
        current = ports.now()
        run()
        stopWatch = ports.onVisibility((visible) => {
          if (visible) {
            tick()
            run()
          } else rest()
        })
      }
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        rest()
        stopWatch?.()
        stopWatch = null
      }
    },
  }
}

const windowTicker = createTicker({
  now: () => Date.now(),
  every: (ms, run) => {
    const id = setInterval(run, ms)
    return () => {
      clearInterval(id)
    }
  },
  onVisibility: (run) => {
    const listener = () => {
      run(document.visibilityState === 'visible')
    }
    document.addEventListener('visibilitychange', listener)
    return () => {
      document.removeEventListener('visibilitychange', listener)
    }
  },
})

/** The current time, as coarse as words about `timeMs` need it: a row of an hour ago renders once a minute. */
export function useNow(timeMs: number): number {
  return useSyncExternalStore(windowTicker.subscribe, () => {
    const now = windowTicker.now()
    const step = relativeStepMs(timeMs - now)
    // Rounded towards the edges of the words, so a minute changes when it is over and not up to a step later.
    return timeMs + Math.floor((now - timeMs) / step) * step
  })
}

/** The current time by the second, for a clock that runs. */
export function useSeconds(): number {
  return useSyncExternalStore(windowTicker.subscribe, windowTicker.now)
}
