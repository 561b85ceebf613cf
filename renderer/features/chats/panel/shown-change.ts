import { useEffect } from 'react'
import { create } from 'zustand'

/** A file that somebody asked to see among the changes of a chat; a new one each time. */
export interface ShownChange {
  readonly chatId: string
  /** As a tool named it: from the root, from home, or from where the agent works. */
  readonly path: string
}

const useShownChange = create<{ readonly asked: ShownChange | undefined }>(() => ({ asked: undefined }))

export function showChange(asked: ShownChange): void {
  useShownChange.setState({ asked })
}

/** The file that is to be shown in a chat. */
export function useChangeToShow(chatId: string): ShownChange | undefined {
  return useShownChange(({ asked }) => (asked?.chatId === chatId ? asked : undefined))
}

/** Ends it once the changes are there: it was shown, or it has not changed, and later it would be a surprise. */
export function useShownOnce(chatId: string, isThere: boolean): void {
  const asked = useChangeToShow(chatId)
  useEffect(() => {
    // Rows below have done what they do for it before this.
    if (asked !== undefined && isThere) useShownChange.setState({ asked: undefined })
  }, [asked, isThere])
}

/** Which of a repository's files is meant. The shortest of several: a name alone is that of the upper one. */
export function findChange(paths: readonly string[], repository: string, asked: string): string | undefined {
  const end = asked.replace(/^(?:~\/|(?:\.\/)+)/, '')
  return paths
    .filter((path) => {
      const whole = `${repository}/${path}`
      return whole === asked || (!asked.startsWith('/') && whole.endsWith(`/${end}`))
    })
    .toSorted((a, b) => a.length - b.length)[0]
}
