import { useState } from 'react'
import { errorWords } from '../../../api/error-words.ts'
import { toast } from '../../../ui/toast-store.ts'
import { drafts } from './draft-store.ts'
import type { Draft } from './draft.ts'
import { useShownPlace } from './use-shown-place.ts'

export interface Sending {
  /** Takes what is written out of the box and sends it. */
  readonly send: () => Promise<void>
  /** Why the last one was not sent; its text is back in the box. */
  readonly failure: { readonly error: unknown } | undefined
}

/** Sends what is written in a place. Where that was left meanwhile, a failure is told in a toast. */
export function useSending(place: string, onSend: (draft: Draft) => Promise<void>): Sending {
  const [failed, setFailed] = useState<{ readonly place: string; readonly error: unknown }>()
  const isShown = useShownPlace(place)
  return {
    failure: failed?.place === place ? failed : undefined,
    send: async () => {
      setFailed(undefined)
      const taken = drafts.beginSending(place)
      try {
        await onSend(taken)
        drafts.sent(place)
      } catch (error) {
        drafts.sendingFailed(place)
        setFailed({ place, error })
        if (!isShown(place)) {
          toast({
            tone: 'bad',
            title: 'A message is not sent',
            detail: `${errorWords(error).message} It is back where you wrote it.`,
          })
        }
      }
    },
  }
}
