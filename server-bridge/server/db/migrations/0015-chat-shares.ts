/** Who reads a root chat beside its owner. */
export const chatSharesSchema = `
CREATE TABLE chat_shares (
  chat_id TEXT NOT NULL REFERENCES chats (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (chat_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX chat_shares_by_user ON chat_shares (user_id);
`
