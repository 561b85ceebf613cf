import { useState } from 'react'

/** What a dialog or sheet needs to ask before typed input is thrown away. */
export interface GuardedClose {
  readonly asking: boolean
  /** Handed to the kit's onOpenChange. */
  readonly onOpenChange: (open: boolean) => void
  readonly keep: () => void
  readonly discard: () => void
}

/** Esc, the close button and a press outside close at once when nothing is lost, and ask when something is. */
export function useGuardedClose(dirty: boolean, setOpen: (open: boolean) => void): GuardedClose {
  const [asking, setAsking] = useState(false)
  return {
    asking,
    onOpenChange: (open) => {
      if (!open && dirty) setAsking(true)
      else setOpen(open)
    },
    keep: () => {
      setAsking(false)
    },
    discard: () => {
      setAsking(false)
      setOpen(false)
    },
  }
}
