/**
 * Secrets, notifications and what insights are computed from.
 *
 * Events are rows that triggers write: whichever part of the server suspends a user or deletes a workspace, the event is
 * there with the change or not at all, and survives the end of the process before anybody was told.
 */
export const administrationSchema = `
CREATE TABLE user_secrets (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  env_name TEXT NOT NULL,
  file_path TEXT NOT NULL,
  value TEXT NOT NULL,
  value_bytes INTEGER NOT NULL,
  enabled INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX user_secrets_name ON user_secrets (user_id, name);
CREATE UNIQUE INDEX user_secrets_env_name ON user_secrets (user_id, env_name) WHERE env_name <> '';
CREATE UNIQUE INDEX user_secrets_file_path ON user_secrets (user_id, file_path) WHERE file_path <> '';

CREATE TABLE git_ssh_keys (
  user_id TEXT PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  public_key TEXT NOT NULL,
  private_key TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE inbox_notifications (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  template_id TEXT NOT NULL,
  targets TEXT NOT NULL,
  title TEXT NOT NULL,
  content TEXT NOT NULL,
  icon TEXT NOT NULL,
  actions TEXT NOT NULL,
  read_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX inbox_notifications_user ON inbox_notifications (user_id, seq);

CREATE TABLE notification_preferences (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  template_id TEXT NOT NULL,
  disabled INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, template_id)
) STRICT;

CREATE TABLE notification_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  subject_name TEXT NOT NULL
) STRICT;

CREATE TABLE user_status_changes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  status TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX user_status_changes_time ON user_status_changes (changed_at);
INSERT INTO user_status_changes (user_id, status, changed_at) SELECT id, status, created_at FROM users;

CREATE TABLE workspace_activity (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  app TEXT NOT NULL,
  minute INTEGER NOT NULL,
  user_id TEXT NOT NULL,
  template_id TEXT NOT NULL,
  PRIMARY KEY (workspace_id, app, minute)
) STRICT, WITHOUT ROWID;
CREATE INDEX workspace_activity_minute ON workspace_activity (minute);

CREATE TRIGGER users_created AFTER INSERT ON users BEGIN
  INSERT INTO user_status_changes (user_id, status, changed_at) VALUES (NEW.id, NEW.status, NEW.created_at);
  INSERT INTO notification_events (kind, subject_id, subject_name) VALUES ('user-created', NEW.id, NEW.username);
END;
CREATE TRIGGER users_status AFTER UPDATE OF status ON users WHEN OLD.status <> NEW.status BEGIN
  INSERT INTO user_status_changes (user_id, status, changed_at)
    VALUES (NEW.id, NEW.status, max(NEW.updated_at, coalesce(NEW.last_seen_at, 0)));
  INSERT INTO notification_events (kind, subject_id, subject_name)
    SELECT CASE WHEN NEW.status = 'suspended' THEN 'user-suspended' ELSE 'user-activated' END, NEW.id, NEW.username
    WHERE NEW.status = 'suspended' OR OLD.status = 'suspended';
END;
CREATE TRIGGER users_deleted AFTER UPDATE OF deleted ON users WHEN NEW.deleted = 1 AND OLD.deleted = 0 BEGIN
  INSERT INTO notification_events (kind, subject_id, subject_name) VALUES ('user-deleted', OLD.id, OLD.username);
END;
CREATE TRIGGER templates_deleted AFTER UPDATE OF deleted ON templates WHEN NEW.deleted = 1 AND OLD.deleted = 0 BEGIN
  INSERT INTO notification_events (kind, subject_id, subject_name) VALUES ('template-deleted', NEW.id, NEW.name);
END;
CREATE TRIGGER templates_deprecated AFTER UPDATE OF deprecation_message ON templates
  WHEN NEW.deprecation_message <> '' AND OLD.deprecation_message = '' BEGIN
  INSERT INTO notification_events (kind, subject_id, subject_name) VALUES ('template-deprecated', NEW.id, NEW.name);
END;
CREATE TRIGGER workspaces_deleted AFTER UPDATE OF deleted ON workspaces WHEN NEW.deleted = 1 AND OLD.deleted = 0 BEGIN
  INSERT INTO notification_events (kind, subject_id, subject_name) VALUES ('workspace-deleted', NEW.id, NEW.name);
END;
CREATE TRIGGER workspaces_dormant AFTER UPDATE OF dormant_at ON workspaces
  WHEN NEW.dormant_at IS NOT NULL AND OLD.dormant_at IS NULL BEGIN
  INSERT INTO notification_events (kind, subject_id, subject_name) VALUES ('workspace-dormant', NEW.id, NEW.name);
END;
CREATE TRIGGER workspaces_marked AFTER UPDATE OF deleting_at ON workspaces
  WHEN NEW.deleting_at IS NOT NULL AND OLD.deleting_at IS NULL BEGIN
  INSERT INTO notification_events (kind, subject_id, subject_name) VALUES ('workspace-marked', NEW.id, NEW.name);
END;
CREATE TRIGGER builds_created AFTER INSERT ON workspace_builds WHEN NEW.transition = 'start' BEGIN
  INSERT INTO notification_events (kind, subject_id, subject_name) VALUES ('build-created', NEW.id, '');
END;
CREATE TRIGGER builds_failed AFTER UPDATE OF status ON provisioner_jobs
  WHEN NEW.status = 'failed' AND OLD.status <> 'failed' AND NEW.workspace_build_id IS NOT NULL BEGIN
  INSERT INTO notification_events (kind, subject_id, subject_name) VALUES ('build-failed', NEW.workspace_build_id, '');
END;
`
