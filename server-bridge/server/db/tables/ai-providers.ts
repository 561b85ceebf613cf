/** Providers of models, as an administrator configured them. */
export interface AiProvidersTable {
  id: string
  type: string
  name: string
  display_name: string
  icon: string
  enabled: number
  base_url: string
  /** JSON; null: none. */
  settings_sealed: string | null
  created_at: number
  updated_at: number
}
