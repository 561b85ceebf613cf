import type { Generated } from 'kysely'

/** What was used in chats: one row for each call to a model and each step of tools. It outlives its chat. */
export interface ChatCostsTable {
  id: Generated<number>
  user_id: string
  chat_id: string
  /** The chat itself where it is no sub-agent. */
  root_chat_id: string
  model_config_id: string | null
  /** 1 for a call to a model. */
  is_request: number
  input_tokens: number
  output_tokens: number
  cache_read_tokens: number
  cache_creation_tokens: number
  /** Millionths of a USD; null: the model has no price. */
  cost_micros: number | null
  runtime_ms: number
  created_at: number
}
