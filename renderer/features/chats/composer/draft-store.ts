import { useSyncExternalStore } from 'react'
import { createKept, type KeptStorage, type KeptStore } from '../../../lib/kept-state.ts'
import { emptyDraft, mergeDrafts, type Draft } from './draft.ts'
import { parseDraft } from './parse-draft.ts'

/** What is written in one place, and what of it is on its way to the deployment. */
export interface DraftRecord {
  readonly draft: Draft
  readonly sending: Draft | undefined
  /** Too much for the window's storage: it lasts until the app is closed. */
  readonly isKept: boolean
}

/**
 * Drafts by place: a chat, a new chat, a message that is written anew. Kept for ever, over restarts and sign-outs. What
 * was being sent when the app ended is a draft again.
 */
export interface DraftStore {
  readonly read: (place: string) => DraftRecord
  readonly change: (place: string, change: (draft: Draft) => Draft) => void
  /** Takes the content out to be sent; the choices stay. Answers it. */
  readonly beginSending: (place: string) => Draft
  readonly sent: (place: string) => void
  /** It was not sent: back to where it was written. */
  readonly sendingFailed: (place: string) => void
  readonly subscribe: (place: string, listener: () => void) => () => void
}

/** Characters of a long paste that are kept with the draft to take it apart again. */
export const maxKeptPaste = 200_000

interface Kept {
  readonly draft: Draft
  readonly sending?: Draft
}

const nothing: Kept = { draft: emptyDraft }

export function createDraftStore(storage?: KeptStorage | null): DraftStore {
  const stores = new Map<string, KeptStore<Kept>>()
  const records = new Map<string, { readonly kept: Kept; readonly record: DraftRecord }>()
  const unkept = new Set<string>()

  const storeOf = (place: string): KeptStore<Kept> => {
    const known = stores.get(place)
    if (known) return known
    const store = createKept(
      `chats.draft.${place}`,
      nothing,
      parseKept,
      ...(storage === undefined ? [] : [storage]),
    )
    stores.set(place, store)
    return store
  }
  const set = (place: string, next: Kept): void => {
    unkept.delete(place)
    try {
      storeOf(place).set(next)
    } catch {
      // The storage is full. The text is in the store, and the composer says that it is not on disk.
      unkept.add(place)
      records.delete(place)
    }
  }
  return {
    read: (place) => {
      const kept = storeOf(place).get()
      const known = records.get(place)
      if (known?.kept === kept) return known.record
      const record = { draft: kept.draft, sending: kept.sending, isKept: !unkept.has(place) }
      records.set(place, { kept, record })
      return record
    },
    change: (place, change) => {
      const kept = storeOf(place).get()
      set(place, { ...kept, draft: change(kept.draft) })
    },
    beginSending: (place) => {
      const { draft } = storeOf(place).get()
      set(place, { draft: { ...draft, ...emptyDraft }, sending: draft })
      return draft
    },
    sent: (place) => set(place, { draft: storeOf(place).get().draft }),
    sendingFailed: (place) => {
      const { draft, sending } = storeOf(place).get()
      set(place, { draft: sending === undefined ? draft : mergeDrafts(sending, draft) })
    },
    subscribe: (place, listener) => storeOf(place).subscribe(listener),
  }
}

function parseKept(stored: unknown): Kept | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined
  const draft = 'draft' in stored ? parseDraft(stored.draft) : undefined
  const sending = 'sending' in stored ? parseDraft(stored.sending) : undefined
  if (sending === undefined) return draft === undefined ? undefined : { draft }
  return { draft: mergeDrafts(sending, draft ?? emptyDraft) }
}

/** The drafts of this window. */
export const drafts = createDraftStore()

/** What is written in a place, following its changes. */
export function useDraft(place: string): DraftRecord {
  return useSyncExternalStore(
    (listener) => drafts.subscribe(place, listener),
    () => drafts.read(place),
  )
}

/** Where the text of a chat is written; without a chat that of the start page. */
export function draftPlace(deploymentId: string, chatId: string | undefined): string {
  return `${deploymentId}.${chatId ?? 'new'}`
}
