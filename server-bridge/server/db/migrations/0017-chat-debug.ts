/** What was asked of models for a chat, and what they answered, where its owner has that kept. */
export const chatDebug = `
CREATE TABLE chat_debug_runs (
  id TEXT PRIMARY KEY,
  chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  model_config_id TEXT,
  provider TEXT NOT NULL,
  model TEXT NOT NULL,
  trigger_message_id INTEGER,
  history_tip_message_id INTEGER,
  step_count INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX chat_debug_runs_by_chat ON chat_debug_runs (chat_id, started_at);
CREATE INDEX chat_debug_runs_by_age ON chat_debug_runs (updated_at);
CREATE INDEX chat_debug_runs_in_progress ON chat_debug_runs (status) WHERE status = 'in_progress';

CREATE TABLE chat_debug_steps (
  id TEXT PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES chat_debug_runs (id) ON DELETE CASCADE,
  step_number INTEGER NOT NULL,
  operation TEXT NOT NULL,
  status TEXT NOT NULL,
  history_tip_message_id INTEGER,
  assistant_message_id INTEGER,
  normalized_request TEXT NOT NULL,
  normalized_response TEXT,
  usage TEXT,
  attempts TEXT NOT NULL,
  error TEXT,
  started_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  finished_at INTEGER,
  UNIQUE (run_id, step_number)
) STRICT;
`
