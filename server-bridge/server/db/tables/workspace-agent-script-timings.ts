/** The last run of a script in each stage. */
export interface WorkspaceAgentScriptTimingsTable {
  script_id: string
  stage: string
  started_at: number
  ended_at: number
  exit_code: number
  status: string
}
