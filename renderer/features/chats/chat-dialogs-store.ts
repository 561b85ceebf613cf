import { create } from 'zustand'
import type { ChatRow } from './chat-state.ts'

/** A question about a chat, asked from its row, its header or a slash command. */
export interface ChatQuestion {
  readonly kind: 'rename' | 'stop-and-archive' | 'archive-and-delete'
  readonly chat: ChatRow
}

export const useChatQuestion = create<{ readonly asked: ChatQuestion | undefined }>(() => ({
  asked: undefined,
}))

export function askChatDialog(asked: ChatQuestion | undefined): void {
  useChatQuestion.setState({ asked })
}
