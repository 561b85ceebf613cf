import { useState } from 'react'
import type { Chat } from '#bridge/contract/chats'
import { chatGroup } from '../chat-state.ts'

/** The shown chat if it waited for the person when it was opened: looking at it must not pull its row away. */
export function useHeldChat(shownId: string | undefined, chats: readonly Chat[]): string | undefined {
  const [held, setHeld] = useState<{ readonly shownId: string | undefined; readonly waits: boolean }>()
  const shown = chats.find(({ id }) => id === shownId)
  if (held?.shownId !== shownId && (shown !== undefined || shownId === undefined)) {
    setHeld({ shownId, waits: shown !== undefined && chatGroup(shown) === 'waiting' })
  }
  return held?.waits === true && held.shownId === shownId ? shownId : undefined
}
