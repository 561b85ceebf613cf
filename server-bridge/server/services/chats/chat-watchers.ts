import type { ChatWatchEvent, ChatWatchEventKind } from '../../../contract/chats-watch.ts'
import { runAll } from '../../../lib/run-all.ts'
import type { ChatRow } from './chat-rows.ts'
import type { ChatView } from './chat-view.ts'

/** What somebody has to do something about, with `action_required`. */
export type WaitingCalls = Pick<ChatWatchEvent, 'tool_calls' | 'approvals'>

/** Who watches their own chats. */
export interface ChatWatchers {
  tell(chatId: string, kind: ChatWatchEventKind, calls?: WaitingCalls): void
  /** Returns the function that ends the subscription. */
  subscribe(ownerId: string, listener: (event: ChatWatchEvent) => void): () => void
}

export function createChatWatchers(
  find: (chatId: string) => ChatRow | undefined,
  view: ChatView,
): ChatWatchers {
  const listeners = new Map<string, Set<(event: ChatWatchEvent) => void>>()
  return {
    tell(chatId, kind, calls) {
      const row = find(chatId)
      const group = row && listeners.get(row.owner_id)
      if (!group || group.size === 0) return
      const [whole] = view.toWire([row])
      if (!whole) return
      // As Coder does: its clients take it from the event that is about it alone (agents-api 7.2).
      const { diff_status: diff, ...bare } = whole
      const chat = kind === 'diff_status_change' && diff ? whole : bare
      const event: ChatWatchEvent = { kind, chat, ...calls }
      runAll([...group].map((listener) => () => listener(event)))
    },
    subscribe(ownerId, listener) {
      const group = listeners.get(ownerId) ?? new Set()
      listeners.set(ownerId, group)
      group.add(listener)
      return () => {
        group.delete(listener)
        if (group.size === 0) listeners.delete(ownerId)
      }
    },
  }
}
