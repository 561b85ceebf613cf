import type { ChatMessage } from '#bridge/contract/chats-messages'
import { textField } from './transcript/tool-fields.ts'

/** The chats of sub-agents of which a tool has said that they use a desktop. */
export function desktopAgents(messages: readonly ChatMessage[]): ReadonlySet<string> {
  const found = new Set<string>()
  for (const { content } of messages)
    for (const { type, result } of content ?? []) {
      const chatId = type === 'tool-result' ? textField(result, 'chat_id') : undefined
      if (chatId !== undefined && textField(result, 'type') === 'computer_use') found.add(chatId)
    }
  return found
}
