import { useState } from 'react'

/** Sends once: a second press does nothing until the first one failed. */
export function useOnce(): {
  readonly isSending: boolean
  /** `send` tells of its failure itself. */
  readonly once: (send: () => Promise<unknown>) => void
} {
  const [isSending, setSending] = useState(false)
  return {
    isSending,
    once: (send) => {
      if (isSending) return
      setSending(true)
      // What was sent shows as a message, which closes the card; only what was not sent may be sent again.
      send().catch(() => setSending(false))
    },
  }
}
