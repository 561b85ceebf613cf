/** What the list of chats is narrowed to. */
export interface ChatFilter {
  /** Plain words, looked for in titles. */
  readonly text: string
  readonly archived: boolean
  readonly unread: boolean
}

export const noFilter: ChatFilter = { text: '', archived: false, unread: false }

/** Coder's own search syntax for a filter. A bare word is refused there, and quotes cannot be escaped. */
export function chatQuery({ text, archived, unread }: ChatFilter): string {
  const title = text.replaceAll('"', ' ').replaceAll(/\s+/g, ' ').trim().slice(0, 200)
  return [
    ...(archived ? ['archived:true'] : []),
    ...(unread ? ['has_unread:true'] : []),
    ...(title === '' ? [] : [`title:"${title}"`]),
  ].join(' ')
}

/** The chats that others share with the user; older servers do not know the word. */
export const sharedQuery = 'source:shared_with_me'

/** Whether something is left out. */
export function isFiltered({ text, archived, unread }: ChatFilter): boolean {
  return text.trim() !== '' || archived || unread
}

/** A filter that was kept; undefined where it is none. */
export function parseFilter(stored: unknown): ChatFilter | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined
  const text = 'text' in stored && typeof stored.text === 'string' ? stored.text : ''
  const archived = 'archived' in stored && stored.archived === true
  const unread = 'unread' in stored && stored.unread === true
  return { text, archived, unread }
}
