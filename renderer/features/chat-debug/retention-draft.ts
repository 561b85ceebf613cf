import { create } from 'zustand'

/** Days that were typed and not saved, by deployment: a look at another page loses nothing. */
export const useRetentionDrafts = create<Readonly<Record<string, string>>>(() => ({}))

/** Keeps what is typed; undefined forgets it. */
export function keepRetentionDraft(deploymentId: string, days: string | undefined): void {
  const { [deploymentId]: _, ...others } = useRetentionDrafts.getState()
  useRetentionDrafts.setState(days === undefined ? others : { ...others, [deploymentId]: days }, true)
}

/** As long as the deployment allows. */
const maxDays = 3650

/** Whole days, or what is wrong with what is typed. */
export function readDays(text: string): { readonly days: number } | { readonly problem: string } {
  const days = Number(text.trim())
  return /^\d{1,5}$/.test(text.trim()) && days <= maxDays
    ? { days }
    : { problem: `Write a number of days from 0 to ${String(maxDays)}.` }
}
