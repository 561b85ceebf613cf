import type { ColumnType } from 'kysely'

/** Sessions and tokens. Only the SHA-256 of the secret half is kept. */
export interface ApiKeysTable {
  id: string
  user_id: string
  secret_hash: ColumnType<ArrayBuffer, Uint8Array, Uint8Array>
  login_type: string
  token_name: string
  scopes: string
  allow_list: string
  lifetime_seconds: number
  created_at: number
  updated_at: number
  last_used: number | null
  expires_at: number
}
