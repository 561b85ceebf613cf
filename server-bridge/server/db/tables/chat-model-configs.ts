/** Models that chats may use. */
export interface ChatModelConfigsTable {
  id: string
  ai_provider_id: string
  model: string
  display_name: string
  enabled: number
  is_default: number
  /** In tokens. */
  context_limit: number
  /** Percent. */
  compression_threshold: number
  /** `ChatModelCallConfig` as JSON. */
  model_config: string
  created_at: number
  updated_at: number
}
