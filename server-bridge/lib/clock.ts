/** Time as a dependency, so that tests drive it and nothing sleeps. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Calls back once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, run: () => void): () => void
  /** Calls back every `intervalMs`; the returned function ends it. */
  every(intervalMs: number, run: () => void): () => void
}

/** The machine's clock. Timers are plain ones: an owner cancels what it started. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs)
    return () => {
      clearTimeout(timer)
    }
  },
  every: (intervalMs, run) => {
    const timer = setInterval(run, intervalMs)
    return () => {
      clearInterval(timer)
    }
  },
}
