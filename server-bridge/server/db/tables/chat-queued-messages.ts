import type { Generated } from 'kysely'

/** Messages that wait until the running turn has ended. */
export interface ChatQueuedMessagesTable {
  id: Generated<number>
  chat_id: string
  /** The smallest is next. */
  position: number
  created_by: string
  model_config_id: string | null
  /** `StoredPart[]` as JSON. */
  content: string
  created_at: number
}
