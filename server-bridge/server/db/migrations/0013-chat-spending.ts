/** What chats may cost, users' own keys of providers, and what a chat's work changed by its last scan. */
export const chatSpending = `
CREATE TABLE chat_usage_limits (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  spend_limit_micros INTEGER,
  chat_spend_limit_micros INTEGER,
  period TEXT NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE chat_usage_overrides (
  user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  spend_limit_micros INTEGER NOT NULL
) STRICT;

CREATE TABLE chat_spend_limits (
  chat_id TEXT PRIMARY KEY REFERENCES chats (id) ON DELETE CASCADE,
  spend_limit_micros INTEGER NOT NULL
) STRICT;

CREATE TABLE user_ai_provider_keys (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  ai_provider_id TEXT NOT NULL REFERENCES ai_providers (id) ON DELETE CASCADE,
  key_sealed TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX user_ai_provider_keys_by_user ON user_ai_provider_keys (user_id, ai_provider_id);

CREATE TABLE chat_diff_statuses (
  chat_id TEXT PRIMARY KEY REFERENCES chats (id) ON DELETE CASCADE,
  branch TEXT NOT NULL,
  remote_origin TEXT NOT NULL,
  additions INTEGER NOT NULL,
  deletions INTEGER NOT NULL,
  changed_files INTEGER NOT NULL,
  refreshed_at INTEGER NOT NULL
) STRICT;

CREATE INDEX chat_messages_by_cost ON chat_messages (created_at, chat_id, total_cost_micros)
  WHERE total_cost_micros > 0;
`
