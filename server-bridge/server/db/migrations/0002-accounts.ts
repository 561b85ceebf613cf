/**
 * Accounts can be deleted: the row stays for what names it, while its name and email become free. SQLite cannot drop a
 * column's own UNIQUE, so the table is built anew.
 */
export const accounts = `
CREATE TABLE users_rebuilt (
  id TEXT PRIMARY KEY,
  username TEXT NOT NULL COLLATE NOCASE,
  email TEXT NOT NULL COLLATE NOCASE,
  name TEXT NOT NULL,
  avatar_url TEXT NOT NULL,
  password_hash TEXT,
  status TEXT NOT NULL,
  login_type TEXT NOT NULL,
  roles TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  last_seen_at INTEGER,
  service_account INTEGER NOT NULL DEFAULT 0,
  deleted INTEGER NOT NULL DEFAULT 0
) STRICT;
INSERT INTO users_rebuilt (id, username, email, name, avatar_url, password_hash, status, login_type, roles,
    created_at, updated_at, last_seen_at)
  SELECT id, username, email, name, avatar_url, password_hash, status, login_type, roles,
    created_at, updated_at, last_seen_at FROM users;
DROP TABLE users;
ALTER TABLE users_rebuilt RENAME TO users;
CREATE UNIQUE INDEX users_username ON users (username) WHERE deleted = 0;
CREATE UNIQUE INDEX users_email ON users (email) WHERE deleted = 0 AND email != '';

CREATE TABLE user_settings (
  user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  appearance TEXT NOT NULL,
  preferences TEXT NOT NULL
) STRICT;

ALTER TABLE api_keys ADD COLUMN allow_list TEXT NOT NULL DEFAULT '["*:*"]';

ALTER TABLE organization_members ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
UPDATE organization_members SET updated_at = created_at;
`
