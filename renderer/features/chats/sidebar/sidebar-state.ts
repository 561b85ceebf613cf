import { booleanOnly, createKept, numberWithin } from '../../../lib/kept-state.ts'
import { noFilter, parseFilter } from '../chat-query.ts'

/** Limits of the list beside the chat, in pixels. */
export const sidebarLimits = { min: 200, rest: 244, max: 420 } as const

export const sidebarWidth = createKept(
  'chats.sidebar.width',
  sidebarLimits.rest as number,
  numberWithin(sidebarLimits.min, sidebarLimits.max),
)

export const sidebarShown = createKept('chats.sidebar.shown', true, booleanOnly)

/** Groups whose chats are hidden. */
export const foldedGroups = createKept<readonly string[]>('chats.sidebar.folded', [], (stored) =>
  Array.isArray(stored) ? stored.filter((key): key is string => typeof key === 'string') : undefined,
)

/** What the list is narrowed to. */
export const sidebarFilter = createKept('chats.sidebar.filter', noFilter, parseFilter)
