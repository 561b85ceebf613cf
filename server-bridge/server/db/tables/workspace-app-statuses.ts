/** What an app told about its work, newest last. */
export interface WorkspaceAppStatusesTable {
  id: string
  agent_id: string
  workspace_id: string
  app_id: string
  state: string
  message: string
  uri: string
  icon: string
  needs_user_attention: number
  created_at: number
}
