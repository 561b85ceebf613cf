/**
 * Files of chats, what a summary stands for, labels that are yet to be made, people's own settings and their skills. A
 * message with `compressed_by` is told to no model any more: the message of that id says what was in it.
 */
export const chatContentSchema = `
CREATE TABLE chat_files (
  id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  data BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX chat_files_by_age ON chat_files (created_at);

CREATE TABLE chat_file_links (
  chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  file_id TEXT NOT NULL REFERENCES chat_files (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (chat_id, file_id)
) STRICT;
CREATE INDEX chat_file_links_by_file ON chat_file_links (file_id);

ALTER TABLE chat_messages ADD COLUMN compressed_by INTEGER;

ALTER TABLE chats ADD COLUMN title_wanted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chats ADD COLUMN last_turn_summary TEXT;
ALTER TABLE chats ADD COLUMN summary_wanted INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chats ADD COLUMN compaction_wanted INTEGER NOT NULL DEFAULT 0;
CREATE INDEX chats_labels_wanted ON chats (id) WHERE title_wanted = 1 OR summary_wanted = 1;

CREATE TABLE chat_user_settings (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (user_id, key)
) STRICT;

CREATE TABLE user_skills (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  content TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX user_skills_by_name ON user_skills (user_id, name);
`
