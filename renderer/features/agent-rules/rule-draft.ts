import { create, useStore, type StoreApi, type UseBoundStore } from 'zustand'

/** What is typed, and what was saved when the typing began. */
interface Kept<T> {
  readonly seen: T
  readonly value: T
}

/** What was typed and not saved, by deployment: a look at another page loses nothing. */
export type RuleDrafts<T> = UseBoundStore<StoreApi<Readonly<Record<string, Kept<T>>>>>

/** Makes the store of one setting. */
export function createRuleDrafts<T>(): RuleDrafts<T> {
  return create<Readonly<Record<string, Kept<T>>>>(() => ({}))
}

function keep<T>(drafts: RuleDrafts<T>, deploymentId: string, kept: Kept<T> | undefined): void {
  const { [deploymentId]: _, ...others } = drafts.getState()
  drafts.setState(kept === undefined ? others : { ...others, [deploymentId]: kept }, true)
}

/** One setting as it is being changed. */
export interface RuleDraft<T> {
  readonly value: T
  /** What its author saw saved. */
  readonly seen: T
  readonly isDirty: boolean
  /** Somebody else has saved something else since. */
  readonly isChanged: boolean
  readonly write: (value: T) => void
  readonly discard: () => void
  /** Goes on with what is typed, though somebody else has saved something else. */
  readonly goOn: () => void
  /** What was sent is saved, as `kept` where the deployment made something else of it; what was typed meanwhile stays. */
  readonly settle: (sent: T, kept?: T) => void
}

/** The draft of a setting that is `saved` now. */
export function useRuleDraft<T>(
  drafts: RuleDrafts<T>,
  deploymentId: string,
  saved: T,
  isSame: (a: T, b: T) => boolean = Object.is,
): RuleDraft<T> {
  const typed = useStore(drafts, (all) => all[deploymentId])
  // What was taken back by hand is no draft: it would look like one once somebody else saves something.
  const kept = typed === undefined || isSame(typed.value, typed.seen) ? undefined : typed
  const value = kept === undefined ? saved : kept.value
  const seen = kept === undefined ? saved : kept.seen
  const isDirty = !isSame(value, saved)
  return {
    value,
    seen,
    isDirty,
    isChanged: isDirty && !isSame(seen, saved),
    write: (next) => keep(drafts, deploymentId, { seen: isDirty ? seen : saved, value: next }),
    discard: () => keep(drafts, deploymentId, undefined),
    goOn: () => keep(drafts, deploymentId, { seen: saved, value }),
    settle: (sent, asKept = sent) => {
      const now = drafts.getState()[deploymentId]
      if (now === undefined) return
      keep(drafts, deploymentId, isSame(now.value, sent) ? undefined : { ...now, seen: asKept })
    },
  }
}
