import type { Chat } from '#bridge/contract/chats'
import { chatGroup, type ChatRow } from '../chat-state.ts'

/** By what chats want from the person, by when something happened in them, or by whether there is news. */
export const chatGroupings = ['state', 'date', 'unread'] as const
export type ChatGrouping = (typeof chatGroupings)[number]

export type ChatLine =
  | {
      readonly kind: 'group'
      readonly key: string
      readonly label: string
      readonly count: number
      readonly isFolded: boolean
    }
  | {
      readonly kind: 'chat'
      readonly key: string
      readonly chat: ChatRow
      readonly isSubAgent: boolean
      /** Sub-agents of a root. */
      readonly childCount: number
      readonly isOpen: boolean
      /** Its place among the pinned ones, from 1. */
      readonly pinPlace: number | undefined
    }

export interface ChatLinesInput {
  /** Pinned first, then the latest. */
  readonly chats: readonly Chat[]
  readonly shared: readonly Chat[]
  readonly grouping: ChatGrouping
  /** Milliseconds since 1970. */
  readonly now: number
  /** Keys of groups whose chats are hidden. */
  readonly folded: readonly string[]
  /** Ids of roots whose sub-agents show. */
  readonly opened: readonly string[]
  /** Stays where it waits for the person while it is looked at, though looking takes its news away. */
  readonly heldId: string | undefined
}

const labels = {
  pinned: 'Pinned',
  waiting: 'Waiting for you',
  working: 'Working',
  review: 'In review',
  stopped: 'Stopped',
  today: 'Done today',
  yesterday: 'Done yesterday',
  week: 'Done this week',
  older: 'Done before',
  dateToday: 'Today',
  dateYesterday: 'Yesterday',
  dateWeek: 'This week',
  dateOlder: 'Older',
  unread: 'Unread',
  read: 'Read',
  shared: 'Shared with me',
} as const
type GroupKey = keyof typeof labels
const order = Object.keys(labels) as readonly GroupKey[]

const dayMs = 24 * 60 * 60 * 1000

/** The lines of the list: pinned ones, then by what is asked for; by state, what is done is by when it was. */
export function chatLines(input: ChatLinesInput): readonly ChatLine[] {
  const groups = new Map(order.map((key): [GroupKey, Chat[]] => [key, []]))
  for (const chat of input.chats) {
    groups.get(chat.pin_order > 0 ? 'pinned' : groupings[input.grouping](chat, input))?.push(chat)
  }
  groups.get('shared')?.push(...input.shared)
  return [...groups].flatMap(([key, chats]) =>
    chats.length === 0 ? [] : linesOf({ key, label: labels[key], chats }, input),
  )
}

interface Group {
  readonly key: string
  readonly label: string
  readonly chats: readonly Chat[]
}

function linesOf({ key, label, chats }: Group, { folded, opened }: ChatLinesInput): ChatLine[] {
  const isFolded = folded.includes(key)
  const head: ChatLine = { kind: 'group', key: `group:${key}`, label, count: chats.length, isFolded }
  if (isFolded) return [head]
  return [
    head,
    ...chats.flatMap((chat, index): ChatLine[] => {
      const isOpen = opened.includes(chat.id)
      const root: ChatLine = {
        kind: 'chat',
        key: chat.id,
        chat,
        isSubAgent: false,
        childCount: chat.children.length,
        isOpen,
        pinPlace: key === 'pinned' ? index + 1 : undefined,
      }
      if (!isOpen) return [root]
      return [
        root,
        ...chat.children.map((child): ChatLine => ({
          kind: 'chat',
          key: child.id,
          chat: { ...child, children: [] },
          isSubAgent: true,
          childCount: 0,
          isOpen: false,
          pinPlace: undefined,
        })),
      ]
    }),
  ]
}

type Given = Pick<ChatLinesInput, 'now' | 'heldId'>

const groupings: Readonly<Record<ChatGrouping, (chat: Chat, given: Given) => GroupKey>> = {
  state: (chat, given) => {
    const group = chat.id === given.heldId && chatGroup(chat) !== 'working' ? 'waiting' : chatGroup(chat)
    return group === 'done' ? doneGroups[age(chat, given)] : group
  },
  date: (chat, given) => dateGroups[age(chat, given)],
  unread: (chat, { heldId }) => (chat.has_unread || chat.id === heldId ? 'unread' : 'read'),
}

const doneGroups = ['today', 'yesterday', 'week', 'older'] as const
const dateGroups = ['dateToday', 'dateYesterday', 'dateWeek', 'dateOlder'] as const

/** 0: of today; 1: of yesterday; 2: of the week; 3: from before. */
function age(chat: Chat, { now }: Given): 0 | 1 | 2 | 3 {
  const at = new Date(chat.updated_at).getTime()
  const midnight = new Date(now).setHours(0, 0, 0, 0)
  if (at >= midnight) return 0
  if (at >= midnight - dayMs) return 1
  return at >= midnight - 6 * dayMs ? 2 : 3
}
