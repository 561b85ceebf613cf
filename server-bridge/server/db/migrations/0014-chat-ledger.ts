/**
 * What calls of chats have used, without a word of what was said: chats are removed after a time, and what they cost was
 * spent all the same. It begins with what is known of the chats that are still there.
 */
export const chatLedger = `
CREATE TABLE chat_costs (
  id INTEGER PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  chat_id TEXT NOT NULL,
  root_chat_id TEXT NOT NULL,
  model_config_id TEXT,
  is_request INTEGER NOT NULL,
  input_tokens INTEGER NOT NULL,
  output_tokens INTEGER NOT NULL,
  cache_read_tokens INTEGER NOT NULL,
  cache_creation_tokens INTEGER NOT NULL,
  cost_micros INTEGER,
  runtime_ms INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX chat_costs_by_user ON chat_costs (user_id, created_at, cost_micros);
CREATE INDEX chat_costs_by_chat ON chat_costs (chat_id);
CREATE INDEX chat_costs_by_root ON chat_costs (root_chat_id);

INSERT INTO chat_costs (user_id, chat_id, root_chat_id, model_config_id, is_request, input_tokens, output_tokens,
    cache_read_tokens, cache_creation_tokens, cost_micros, runtime_ms, created_at)
  SELECT chats.owner_id, chats.id, coalesce(chats.parent_chat_id, chats.id), said.model_config_id,
    said.usage IS NOT NULL,
    coalesce(json_extract(said.usage, '$.input_tokens'), 0),
    coalesce(json_extract(said.usage, '$.output_tokens'), 0),
    coalesce(json_extract(said.usage, '$.cache_read_tokens'), 0),
    coalesce(json_extract(said.usage, '$.cache_creation_tokens'), 0),
    said.total_cost_micros, said.runtime_ms, said.created_at
  FROM (
    SELECT id, chat_id, model_config_id, total_cost_micros, runtime_ms, created_at,
      -- A damaged value must not keep the deployment from starting.
      CASE WHEN json_valid(usage) THEN usage WHEN usage IS NOT NULL THEN '{}' END AS usage
    FROM chat_messages
    WHERE usage IS NOT NULL OR total_cost_micros IS NOT NULL OR runtime_ms > 0
  ) AS said JOIN chats ON chats.id = said.chat_id
  ORDER BY said.id;

DROP INDEX chat_messages_by_cost;
`
