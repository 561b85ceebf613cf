/** Secrets of users for their workspaces. `value` is sealed (secret-box); `value_bytes` is the length of what it holds. */
export interface UserSecretsTable {
  id: string
  user_id: string
  name: string
  description: string
  env_name: string
  file_path: string
  value: string
  value_bytes: number
  enabled: number
  created_at: number
  updated_at: number
}
