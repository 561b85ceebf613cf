import { useState } from 'react'
import type { Chat } from '#bridge/contract/chats'
import { asksFirst, chatGroup } from '../chat-state.ts'
import type { ChatGrouping } from './chat-lines.ts'

/**
 * The shown chat if its news waited for the person when it was opened: looking at it must not pull its row away. One that
 * asks leaves by being answered.
 */
export function useHeldChat(
  shownId: string | undefined,
  chats: readonly Chat[],
  grouping: ChatGrouping,
): string | undefined {
  const [held, setHeld] = useState<{ readonly shownId: string | undefined; readonly waits: boolean }>()
  const shown = chats.find(({ id }) => id === shownId)
  if (held?.shownId !== shownId && (shown !== undefined || shownId === undefined)) {
    setHeld({ shownId, waits: shown !== undefined && hasNews(shown, grouping) })
  }
  return held?.waits === true && held.shownId === shownId ? shownId : undefined
}

function hasNews(chat: Chat, grouping: ChatGrouping): boolean {
  if (grouping === 'unread') return chat.has_unread
  return !asksFirst(chat) && chatGroup(chat) === 'waiting'
}
