/** Keys of providers; the oldest one is used. */
export interface AiProviderKeysTable {
  id: string
  ai_provider_id: string
  key_sealed: string
  masked: string
  created_at: number
}
