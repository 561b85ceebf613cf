import { create } from 'zustand'

interface OwnKeyPlace {
  readonly deploymentId: string
  readonly providerId: string
}

/** Keys that are typed and not saved, so that a look at another page loses nothing. In memory alone. */
export const useOwnKeyDrafts = create<Readonly<Record<string, string>>>(() => ({}))

const idOf = ({ deploymentId, providerId }: OwnKeyPlace): string => `${deploymentId} ${providerId}`

/** What is typed for a provider. */
export function useTypedOwnKey(place: OwnKeyPlace): string {
  return useOwnKeyDrafts((drafts) => drafts[idOf(place)] ?? '')
}

/** Keeps what is typed; with `ifIs` only where it has not changed meanwhile. */
export function keepOwnKey(place: OwnKeyPlace, text: string, ifIs?: string): void {
  const id = idOf(place)
  const drafts = useOwnKeyDrafts.getState()
  if (ifIs !== undefined && drafts[id] !== ifIs) return
  const { [id]: _, ...others } = drafts
  useOwnKeyDrafts.setState(text === '' ? others : { ...others, [id]: text }, true)
}
