import { create } from 'zustand'

/** What is typed in these settings and not saved, by its place: a look at another page loses nothing. */
export const useOwnDrafts = create<Readonly<Record<string, string>>>(() => ({}))

/** Keeps what is typed; undefined forgets it. With `ifIs` only where it has not changed meanwhile. */
export function keepOwnDraft(place: string, text: string | undefined, ifIs?: string): void {
  const { [place]: before, ...others } = useOwnDrafts.getState()
  if (ifIs !== undefined && before !== ifIs) return
  useOwnDrafts.setState(text === undefined ? others : { ...others, [place]: text }, true)
}

/** What is typed there. */
export function useOwnDraft(place: string): string | undefined {
  return useOwnDrafts((drafts) => drafts[place])
}
