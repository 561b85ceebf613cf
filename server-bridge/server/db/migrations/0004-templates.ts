/**
 * Tags of jobs, what a dry run is asked to plan, and who used which template when. Use is recorded by the database
 * itself: whatever moves a workspace's `last_used_at` is use, so no caller can forget to say so. Hours are whole hours
 * since the epoch.
 */
export const templates = `
ALTER TABLE provisioner_jobs ADD COLUMN tags TEXT NOT NULL DEFAULT '{"owner":"","scope":"organization"}';

CREATE INDEX workspaces_template ON workspaces (template_id);

CREATE TABLE template_version_dry_runs (
  job_id TEXT PRIMARY KEY REFERENCES provisioner_jobs (id) ON DELETE CASCADE,
  template_version_id TEXT NOT NULL REFERENCES template_versions (id),
  workspace_name TEXT NOT NULL,
  parameter_values TEXT NOT NULL,
  variable_values TEXT NOT NULL
) STRICT;

CREATE TABLE template_use_hours (
  template_id TEXT NOT NULL REFERENCES templates (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  hour INTEGER NOT NULL,
  PRIMARY KEY (template_id, hour, user_id)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO template_use_hours (template_id, user_id, hour)
  SELECT template_id, owner_id, last_used_at / 3600000 FROM workspaces WHERE last_used_at IS NOT NULL;

CREATE TRIGGER template_use_of_new_workspace AFTER INSERT ON workspaces WHEN NEW.last_used_at IS NOT NULL
BEGIN
  INSERT OR IGNORE INTO template_use_hours (template_id, user_id, hour)
    VALUES (NEW.template_id, NEW.owner_id, NEW.last_used_at / 3600000);
END;
CREATE TRIGGER template_use_of_workspace AFTER UPDATE OF last_used_at ON workspaces
  WHEN NEW.last_used_at IS NOT NULL
BEGIN
  INSERT OR IGNORE INTO template_use_hours (template_id, user_id, hour)
    VALUES (NEW.template_id, NEW.owner_id, NEW.last_used_at / 3600000);
END;
`
