/** What an OAuth2 provider gave one user for one MCP server. */
export interface McpServerUserTokensTable {
  id: string
  mcp_server_config_id: string
  user_id: string
  access_token_sealed: string
  refresh_token_sealed: string | null
  token_type: string
  /** Epoch milliseconds; null: the provider named no end. */
  expires_at: number | null
  updated_at: number
}
