import { useState } from 'react'

export interface PromptHistory {
  /** A prompt of before is in the box. */
  readonly isCycling: boolean
  /**
   * One further back or forth; resolves to what to show, or nothing when there is no further one, or when what was
   * asked for is not wanted any more once it is read. Rejects when it cannot be read.
   */
  readonly step: (direction: 1 | -1, isWanted: () => boolean) => Promise<string | undefined>
  readonly stop: () => void
}

/** The prompts of before, newest first, read when the first one is asked for. */
export function usePromptHistory(read: (() => Promise<readonly string[]>) | undefined): PromptHistory {
  const [state, setState] = useState<{ readonly prompts: readonly string[]; readonly index: number }>()
  return {
    isCycling: state !== undefined,
    stop: () => setState(undefined),
    step: async (direction, isWanted) => {
      const prompts = state?.prompts ?? (await read?.()) ?? []
      if (!isWanted()) return undefined
      const index = (state?.index ?? -1) + direction
      if (index < 0) {
        setState(undefined)
        return ''
      }
      const prompt = prompts[index]
      if (prompt === undefined) return undefined
      setState({ prompts, index })
      return prompt
    },
  }
}
