import type { ChatRow } from './chat-rows.ts'

/** Where a chat's plan is written; nothing else may be written while it plans (agents-api 11). */
export const planPathOf = (chat: Pick<ChatRow, 'id'>): string => `~/.coder/plans/PLAN-${chat.id}.md`
