import { create } from 'zustand'
import { booleanOnly, createKept, numberWithin, useKept } from '../../../lib/kept-state.ts'
import { chatGroupings, type ChatGrouping } from './chat-lines.ts'
import { noFilter, parseFilter, type ChatFilter } from '../chat-query.ts'

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

/** How the list is grouped, at every deployment. */
export const chatGrouping = createKept<ChatGrouping>('chats.sidebar.grouping', 'state', (stored) =>
  chatGroupings.find((grouping) => grouping === stored),
)

type Filters = Readonly<Record<string, ChatFilter>>

/** What the list is narrowed to, by deployment, but for the words: those would surprise after a start of the app. */
const keptFilters = createKept<Filters>('chats.sidebar.filter', {}, parseFilters)

/** The words that are looked for, by deployment. */
const useWords = create<{ readonly words: Readonly<Record<string, string>> }>(() => ({ words: {} }))

/** What the list of a deployment is narrowed to. Each has its own: not all servers can be asked the same. */
export function useSidebarFilter(deploymentId: string): ChatFilter {
  const kept = useKept(keptFilters)[deploymentId] ?? noFilter
  const text = useWords(({ words }) => words[deploymentId] ?? '')
  return { ...kept, text }
}

export function setSidebarFilter(deploymentId: string, filter: ChatFilter): void {
  useWords.setState(({ words }) => ({ words: { ...words, [deploymentId]: filter.text } }))
  keptFilters.set({ ...keptFilters.get(), [deploymentId]: { ...filter, text: '' } })
}

function parseFilters(stored: unknown): Filters | undefined {
  if (typeof stored !== 'object' || stored === null) return undefined
  return Object.fromEntries(
    Object.entries(stored).flatMap(([deploymentId, entry]: [string, unknown]) => {
      const filter = parseFilter(entry)
      return filter === undefined ? [] : [[deploymentId, filter]]
    }),
  )
}
