/**
 * Whether a window's page may open the microphone now: only after main was asked for a dictation, once, and for so long
 * as opening it takes. A page that was taken over cannot listen by itself at any other time.
 */
export interface MicrophoneGate {
  open(windowId: number): void
  isOpen(windowId: number | undefined): boolean
  /** Whether it was open; from now on it is closed. */
  pass(windowId: number | undefined): boolean
}

const openMs = 10_000

/** @param now epoch milliseconds. */
export function createMicrophoneGate(now: () => number): MicrophoneGate {
  const until = new Map<number, number>()
  const isOpen = (windowId: number | undefined): boolean =>
    windowId !== undefined && now() < (until.get(windowId) ?? 0)
  return {
    open: (windowId) => void until.set(windowId, now() + openMs),
    isOpen,
    pass(windowId) {
      const wasOpen = isOpen(windowId)
      if (windowId !== undefined) until.delete(windowId)
      return wasOpen
    },
  }
}
