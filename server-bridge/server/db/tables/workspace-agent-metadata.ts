import type { Generated } from 'kysely'

/** What an agent measures again and again, with the newest value. Times are in seconds. */
export interface WorkspaceAgentMetadataTable {
  agent_id: string
  key: string
  position: number
  display_name: string
  script: string
  interval_seconds: number
  timeout_seconds: number
  value: Generated<string>
  error: Generated<string>
  collected_at: number | null
}
