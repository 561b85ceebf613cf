/** Keys of providers that users brought along, one for each provider. */
export interface UserAiProviderKeysTable {
  id: string
  user_id: string
  ai_provider_id: string
  key_sealed: string
  created_at: number
  updated_at: number
}
