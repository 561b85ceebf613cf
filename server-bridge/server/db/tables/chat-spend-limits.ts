/** Chats whose owner said what they may cost. */
export interface ChatSpendLimitsTable {
  chat_id: string
  spend_limit_micros: number
}
