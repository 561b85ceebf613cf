import type { Generated } from 'kysely'

/** Messages of chats, and what only the model is told. */
export interface ChatMessagesTable {
  id: Generated<number>
  chat_id: string
  created_by: string | null
  model_config_id: string | null
  role: string
  /** `StoredPart[]` as JSON. */
  content: string
  /** `both`, `model` for what people are not shown, `none` for what is only counted: calls that made a title, say. */
  visibility: string
  /** The message whose summary stands for this one; people still see it, the model does not. */
  compressed_by: number | null
  deleted: number
  /** The chat's history version when it was written. */
  revision: number
  /** `ChatMessageUsage` as JSON. */
  usage: string | null
  total_tokens: number
  /** Millionths of a USD; null: the model has no price. */
  total_cost_micros: number | null
  runtime_ms: number
  created_at: number
}
