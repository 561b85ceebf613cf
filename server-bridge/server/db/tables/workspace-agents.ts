import type { ColumnType, Generated } from 'kysely'

/**
 * Agents of a resource. `token_hash` and `process_id` are those of the process that runs now, `last_event_seq` is the
 * last of its log events that was stored.
 */
export interface WorkspaceAgentsTable {
  id: string
  resource_id: string
  name: string
  token_hash: ColumnType<ArrayBuffer | null, Uint8Array | null | undefined, Uint8Array | null>
  process_id: number | null
  last_event_seq: Generated<number>
  architecture: string
  operating_system: string
  directory: string
  expanded_directory: string
  environment: string
  display_apps: string
  apps: string
  version: string
  connection_timeout_seconds: number
  troubleshooting_url: string
  startup_script_behavior: string
  motd_file: string
  api_key_scope: string
  lifecycle_state: string
  first_connected_at: number | null
  last_connected_at: number | null
  disconnected_at: number | null
  started_at: number | null
  ready_at: number | null
  logs_length: Generated<number>
  logs_overflowed: Generated<number>
  created_at: number
  updated_at: number
}
