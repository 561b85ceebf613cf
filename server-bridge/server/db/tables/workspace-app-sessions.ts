import type { ColumnType } from 'kysely'

/**
 * Who may use one path app in a browser, without holding a key of the API. A ticket is traded for a session once. Both
 * end with the key they were made with.
 */
export interface WorkspaceAppSessionsTable {
  token_hash: ColumnType<ArrayBuffer, Uint8Array, never>
  api_key_id: string
  workspace_id: string
  agent_name: string
  app_slug: string
  is_ticket: number
  expires_at: number
}
