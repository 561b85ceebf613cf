/** Scripts of an agent, with the result of their last run. */
export interface WorkspaceAgentScriptsTable {
  id: string
  agent_id: string
  log_source_id: string
  position: number
  display_name: string
  icon: string
  script: string
  cron: string
  log_path: string
  run_on_start: number
  run_on_stop: number
  start_blocks_login: number
  timeout_seconds: number
  exit_code: number | null
  status: string | null
  started_at: number | null
  ended_at: number | null
  created_at: number
}
