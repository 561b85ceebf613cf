/** Sources of log lines that are no script's, which programs beside the agent made. */
export interface WorkspaceAgentLogSourcesTable {
  id: string
  agent_id: string
  display_name: string
  icon: string
  created_at: number
}
