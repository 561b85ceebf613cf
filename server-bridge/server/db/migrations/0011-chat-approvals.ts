/** Which tool calls of chats their owners want to be asked about, what they decided, and chats that other chats began. */
export const chatApprovals = `
CREATE TABLE chat_tool_rules (
  id INTEGER PRIMARY KEY,
  user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
  workspace_id TEXT REFERENCES workspaces (id) ON DELETE CASCADE,
  tool TEXT NOT NULL,
  policy TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX chat_tool_rules_by_tool
  ON chat_tool_rules (coalesce(user_id, ''), coalesce(workspace_id, ''), tool);
CREATE INDEX chat_tool_rules_by_workspace ON chat_tool_rules (workspace_id) WHERE workspace_id IS NOT NULL;

CREATE TABLE chat_tool_grants (
  chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  tool TEXT NOT NULL,
  policy TEXT NOT NULL,
  PRIMARY KEY (chat_id, tool)
) STRICT, WITHOUT ROWID;

CREATE TABLE chat_tool_decisions (
  message_id INTEGER NOT NULL REFERENCES chat_messages (id) ON DELETE CASCADE,
  tool_call_id TEXT NOT NULL,
  decision TEXT NOT NULL,
  reason TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at INTEGER NOT NULL,
  PRIMARY KEY (message_id, tool_call_id)
) STRICT, WITHOUT ROWID;

ALTER TABLE chats ADD COLUMN approval_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chats ADD COLUMN parent_chat_id TEXT REFERENCES chats (id) ON DELETE CASCADE;
ALTER TABLE chats ADD COLUMN agent_type TEXT NOT NULL DEFAULT '';
ALTER TABLE chats ADD COLUMN spawned_by TEXT NOT NULL DEFAULT '';
CREATE INDEX chats_by_parent ON chats (parent_chat_id, created_at) WHERE parent_chat_id IS NOT NULL;
CREATE UNIQUE INDEX chats_by_spawn ON chats (parent_chat_id, spawned_by) WHERE parent_chat_id IS NOT NULL;
`
