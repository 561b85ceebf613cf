import type { Chat } from '#bridge/contract/chats'
import { chatGroup, type ChatRow } from '../chat-state.ts'

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
  shared: 'Shared with me',
} as const
type GroupKey = keyof typeof labels
const order = Object.keys(labels) as readonly GroupKey[]

const dayMs = 24 * 60 * 60 * 1000

/** The lines of the list: pinned ones, then by what they want from the person, then by when they were done. */
export function chatLines(input: ChatLinesInput): readonly ChatLine[] {
  const groups = new Map(order.map((key): [GroupKey, Chat[]] => [key, []]))
  for (const chat of input.chats) {
    const group = chat.id === input.heldId && chatGroup(chat) !== 'working' ? 'waiting' : chatGroup(chat)
    groups
      .get(chat.pin_order > 0 ? 'pinned' : group === 'done' ? doneGroup(chat, input.now) : group)
      ?.push(chat)
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
          chat: child,
          isSubAgent: true,
          childCount: 0,
          isOpen: false,
          pinPlace: undefined,
        })),
      ]
    }),
  ]
}

function doneGroup(chat: Chat, now: number): GroupKey {
  const at = new Date(chat.updated_at).getTime()
  const midnight = new Date(now).setHours(0, 0, 0, 0)
  if (at >= midnight) return 'today'
  if (at >= midnight - dayMs) return 'yesterday'
  return at >= midnight - 6 * dayMs ? 'week' : 'older'
}
