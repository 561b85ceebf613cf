/** What the owner decided for the rest of a chat, its sub-agents included. */
export interface ChatToolGrantsTable {
  /** A root. */
  chat_id: string
  tool: string
  policy: string
}
