/** Chats, their messages and what waits for its turn, and the providers and models that they use. */
export const chatsSchema = `
CREATE TABLE ai_providers (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  icon TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  base_url TEXT NOT NULL,
  settings_sealed TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE ai_provider_keys (
  id TEXT PRIMARY KEY,
  ai_provider_id TEXT NOT NULL REFERENCES ai_providers (id) ON DELETE CASCADE,
  key_sealed TEXT NOT NULL,
  masked TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX ai_provider_keys_by_provider ON ai_provider_keys (ai_provider_id);

CREATE TABLE chat_model_configs (
  id TEXT PRIMARY KEY,
  ai_provider_id TEXT NOT NULL REFERENCES ai_providers (id) ON DELETE CASCADE,
  model TEXT NOT NULL,
  display_name TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  is_default INTEGER NOT NULL,
  context_limit INTEGER NOT NULL,
  compression_threshold INTEGER NOT NULL,
  model_config TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX chat_model_configs_by_model ON chat_model_configs (ai_provider_id, model, display_name);
CREATE UNIQUE INDEX chat_model_configs_default ON chat_model_configs (is_default) WHERE is_default = 1;

CREATE TABLE chats (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  owner_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  workspace_id TEXT REFERENCES workspaces (id) ON DELETE SET NULL,
  last_model_config_id TEXT NOT NULL,
  title TEXT NOT NULL,
  status TEXT NOT NULL,
  plan_mode TEXT NOT NULL,
  last_error TEXT,
  retry TEXT,
  client_type TEXT NOT NULL,
  archived INTEGER NOT NULL,
  pin_order INTEGER NOT NULL,
  mcp_server_ids TEXT NOT NULL,
  labels TEXT NOT NULL,
  dynamic_tools TEXT NOT NULL,
  history_version INTEGER NOT NULL,
  reset_version INTEGER NOT NULL,
  queue_version INTEGER NOT NULL,
  generation_attempt INTEGER NOT NULL,
  read_message_id INTEGER NOT NULL,
  action_deadline INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX chats_by_owner ON chats (owner_id, archived, updated_at);
CREATE INDEX chats_by_workspace ON chats (workspace_id) WHERE workspace_id IS NOT NULL;
CREATE INDEX chats_at_work ON chats (status) WHERE status IN ('running', 'interrupting', 'requires_action');

CREATE TABLE chat_messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  created_by TEXT,
  model_config_id TEXT,
  role TEXT NOT NULL,
  content TEXT NOT NULL,
  visibility TEXT NOT NULL,
  deleted INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  usage TEXT,
  total_tokens INTEGER NOT NULL,
  total_cost_micros INTEGER,
  runtime_ms INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX chat_messages_by_chat ON chat_messages (chat_id, id);

CREATE TABLE chat_queued_messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  model_config_id TEXT,
  content TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX chat_queued_messages_by_chat ON chat_queued_messages (chat_id, position);
`
