import { useState } from 'react'
import { sentenceOf } from './use-file-actions.ts'

export interface Submit {
  readonly isBusy: boolean
  /** Why the last one came to nothing: a sentence. */
  readonly problem: string | undefined
  /** Runs it, and closes the dialog when it is done; else what was typed stays. */
  readonly submit: (work: () => Promise<void>) => Promise<void>
  /** The user changes what was typed: what was wrong with it says nothing any more. */
  readonly forget: () => void
}

/** What a form of a dialog does with its one action. */
export function useSubmit(onClose: () => void): Submit {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  return {
    isBusy,
    problem,
    async submit(work) {
      setBusy(true)
      try {
        await work()
        onClose()
      } catch (error) {
        setProblem(sentenceOf(error))
      }
      setBusy(false)
    },
    forget: () => setProblem(undefined),
  }
}
