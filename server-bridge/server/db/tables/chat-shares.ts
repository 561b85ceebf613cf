/** Who reads a root chat, and its sub-agents, beside its owner. */
export interface ChatSharesTable {
  chat_id: string
  user_id: string
  created_at: number
}
