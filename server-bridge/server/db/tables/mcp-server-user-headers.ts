/** One header value of one user for one MCP server. */
export interface McpServerUserHeadersTable {
  id: string
  mcp_server_config_id: string
  user_id: string
  /** In lower case. */
  key_name: string
  value_sealed: string
  updated_at: number
}
