/** MCP servers as an administrator configured them. */
export interface McpServerConfigsTable {
  id: string
  display_name: string
  slug: string
  description: string
  icon_url: string
  transport: string
  url: string
  auth_type: string
  oauth2_client_id: string
  oauth2_client_secret_sealed: string | null
  oauth2_auth_url: string
  oauth2_token_url: string
  oauth2_scopes: string
  api_key_header: string
  api_key_value_sealed: string | null
  /** The administrator's headers, one JSON object. */
  custom_headers_sealed: string | null
  custom_headers_user_keys: string
  custom_headers_user_key_descriptions: string
  tool_allow_list: string
  tool_deny_list: string
  availability: string
  enabled: number
  model_intent: number
  allow_in_plan_mode: number
  forward_coder_headers: number
  created_by: string
  created_at: number
  updated_at: number
}
