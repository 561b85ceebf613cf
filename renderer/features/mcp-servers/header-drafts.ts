import { create } from 'zustand'

/**
 * Values that are being typed, by deployment, server and header: they outlive a look at another page. In memory alone,
 * and gone once saved.
 */
export const useHeaderDrafts = create<Readonly<Record<string, string>>>(() => ({}))

const keyOf = (serverKey: string, name: string): string => `${serverKey}\n${name.toLowerCase()}`

/** What is typed for one header; undefined while nothing is. */
export function useHeaderDraft(serverKey: string, name: string): string | undefined {
  return useHeaderDrafts((drafts) => drafts[keyOf(serverKey, name)])
}

/** Gives a draft up that was saved, unless something else was typed meanwhile. */
export function forgetSavedDraft(serverKey: string, name: string, saved: string): void {
  if (useHeaderDrafts.getState()[keyOf(serverKey, name)] === saved) setHeaderDraft(serverKey, name, undefined)
}

/** Undefined gives the draft up. */
export function setHeaderDraft(serverKey: string, name: string, value: string | undefined): void {
  const key = keyOf(serverKey, name)
  useHeaderDrafts.setState(
    (drafts) => {
      const { [key]: _, ...others } = drafts
      return value === undefined ? others : { ...others, [key]: value }
    },
    // The whole is replaced, since merging cannot take a key away.
    true,
  )
}
