/**
 * `*_sealed` columns hold envelopes of the secret box, bound to their row. Lists and maps are JSON text; names of
 * headers keep the administrator's spelling, `key_name` of a value is in lower case.
 */
export const mcpServers = `
CREATE TABLE mcp_server_configs (
  id TEXT PRIMARY KEY,
  display_name TEXT NOT NULL,
  slug TEXT NOT NULL UNIQUE COLLATE NOCASE,
  description TEXT NOT NULL,
  icon_url TEXT NOT NULL,
  transport TEXT NOT NULL,
  url TEXT NOT NULL,
  auth_type TEXT NOT NULL,
  oauth2_client_id TEXT NOT NULL,
  oauth2_client_secret_sealed TEXT,
  oauth2_auth_url TEXT NOT NULL,
  oauth2_token_url TEXT NOT NULL,
  oauth2_scopes TEXT NOT NULL,
  api_key_header TEXT NOT NULL,
  api_key_value_sealed TEXT,
  custom_headers_sealed TEXT,
  custom_headers_user_keys TEXT NOT NULL,
  custom_headers_user_key_descriptions TEXT NOT NULL,
  tool_allow_list TEXT NOT NULL,
  tool_deny_list TEXT NOT NULL,
  availability TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  model_intent INTEGER NOT NULL,
  allow_in_plan_mode INTEGER NOT NULL,
  forward_coder_headers INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE mcp_server_user_headers (
  id TEXT PRIMARY KEY,
  mcp_server_config_id TEXT NOT NULL REFERENCES mcp_server_configs (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  key_name TEXT NOT NULL,
  value_sealed TEXT NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (mcp_server_config_id, user_id, key_name)
) STRICT;

CREATE TABLE mcp_server_user_tokens (
  id TEXT PRIMARY KEY,
  mcp_server_config_id TEXT NOT NULL REFERENCES mcp_server_configs (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  access_token_sealed TEXT NOT NULL,
  refresh_token_sealed TEXT,
  token_type TEXT NOT NULL,
  expires_at INTEGER,
  updated_at INTEGER NOT NULL,
  UNIQUE (mcp_server_config_id, user_id)
) STRICT;
`
