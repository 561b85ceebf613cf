import { pullRequestStates, type PullRequestState } from './pull-request.ts'

/** What the list of chats is narrowed to. */
export interface ChatFilter {
  /** Plain words, looked for wherever the deployment can. */
  readonly text: string
  readonly archived: boolean
  readonly unread: boolean
  /** Those of others that they share with the user, in place of the user's own. */
  readonly shared: boolean
  /** Any of them; none: whatever the pull request, and without one. */
  readonly pullRequests: readonly PullRequestState[]
}

export const noFilter: ChatFilter = {
  text: '',
  archived: false,
  unread: false,
  shared: false,
  pullRequests: [],
}

/** The chats that others share with the user; older servers do not know the word. */
export const sharedQuery = 'source:shared_with_me'

/** Coder's own search syntax for what a filter has beside its words. */
export function chatQuery({ archived, unread, shared, pullRequests }: ChatFilter): string {
  return [
    ...(archived ? ['archived:true'] : []),
    ...(unread ? ['has_unread:true'] : []),
    ...(shared ? [sharedQuery] : []),
    ...(pullRequests.length === 0 ? [] : [`pr_status:${pullRequests.join(',')}`]),
  ].join(' ')
}

/** The words to look for, as they are asked. */
export function searchText({ text }: Pick<ChatFilter, 'text'>): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 200)
}

/** Whether something is left out. */
export function isFiltered(filter: ChatFilter): boolean {
  return filter.text.trim() !== '' || isNarrowed(filter)
}

/** Whether it is left out by more than words. */
export function isNarrowed({ archived, unread, shared, pullRequests }: ChatFilter): boolean {
  return archived || unread || shared || pullRequests.length > 0
}

/** A filter that was kept, without words: those are not kept. Undefined where it is none. */
export function parseFilter(stored: unknown): ChatFilter | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined
  const archived = 'archived' in stored && stored.archived === true
  const unread = 'unread' in stored && stored.unread === true
  const shared = 'shared' in stored && stored.shared === true
  const kept: readonly unknown[] =
    'pullRequests' in stored && Array.isArray(stored.pullRequests) ? stored.pullRequests : []
  const pullRequests = pullRequestStates.filter((state) => kept.includes(state))
  return { text: '', archived, unread, shared, pullRequests }
}
