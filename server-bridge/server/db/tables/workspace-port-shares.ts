/** Ports of agents that others than the owner may open. */
export interface WorkspacePortSharesTable {
  workspace_id: string
  agent_name: string
  port: number
  share_level: string
  protocol: string
}
