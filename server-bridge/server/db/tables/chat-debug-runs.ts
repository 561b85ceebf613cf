/** A turn of a chat, a title or a summary: the calls to models that it took. */
export interface ChatDebugRunsTable {
  id: string
  chat_id: string
  kind: string
  status: string
  model_config_id: string | null
  /** Empty: there was none to ask. */
  provider: string
  model: string
  /** What the user said that began it. */
  trigger_message_id: number | null
  history_tip_message_id: number | null
  step_count: number
  input_tokens: number
  output_tokens: number
  started_at: number
  updated_at: number
  finished_at: number | null
}
