import type { Generated } from 'kysely'

/** What the scripts of an agent printed. */
export interface WorkspaceAgentLogsTable {
  id: Generated<number>
  agent_id: string
  log_source_id: string
  created_at: number
  level: string
  output: string
}
