/** What chats may cost, where somebody said so: one row. Millionths of a USD. */
export interface ChatUsageLimitsTable {
  id: number
  /** Of each user in each period; null: no limit. */
  spend_limit_micros: number | null
  /** Of each chat; null: no limit. */
  chat_spend_limit_micros: number | null
  period: string
  updated_at: number
}
