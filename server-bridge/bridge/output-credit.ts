/** Credit of one terminal: how much output the window has not acknowledged yet, and whether to stop reading. */
export interface OutputCredit {
  /** Reading stopped and may not go on yet: that holds for a connection that takes the place of another, too. */
  readonly isStopped: boolean
  /** Output was sent to the window. True when reading must stop now. */
  spend(bytes: number): boolean
  /** The window worked off output. True when reading may go on. */
  earn(bytes: number): boolean
  /** A new window starts with nothing in flight. */
  reset(): void
}

/** Reading stops at `limit` and goes on at half of it, so that it does not stutter at the border. */
export function createOutputCredit(limit: number): OutputCredit {
  let inFlight = 0
  let stopped = false
  return {
    get isStopped() {
      return stopped
    },
    spend: (bytes) => {
      inFlight += bytes
      if (stopped || inFlight < limit) return false
      stopped = true
      return true
    },
    earn: (bytes) => {
      // A window that acknowledges more than it got must not gain credit by it.
      inFlight = Math.max(0, inFlight - bytes)
      if (!stopped || inFlight > limit / 2) return false
      stopped = false
      return true
    },
    reset: () => {
      inFlight = 0
      stopped = false
    },
  }
}
