/** What scheduling, follow-up builds, provisioner state, timings and shared ports need. */
export const workspacesSchema = `
ALTER TABLE workspaces ADD COLUMN next_start_at INTEGER;

ALTER TABLE workspace_builds ADD COLUMN orphan INTEGER NOT NULL DEFAULT 0;
ALTER TABLE workspace_builds ADD COLUMN on_success TEXT;

ALTER TABLE provisioner_jobs ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
CREATE INDEX provisioner_jobs_completed ON provisioner_jobs (completed_at);

CREATE TABLE workspace_build_states (
  build_id TEXT PRIMARY KEY REFERENCES workspace_builds (id) ON DELETE CASCADE,
  provisioner_state BLOB NOT NULL
) STRICT;

CREATE TABLE provisioner_job_timings (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id TEXT NOT NULL REFERENCES provisioner_jobs (id) ON DELETE CASCADE,
  stage TEXT NOT NULL,
  source TEXT NOT NULL,
  action TEXT NOT NULL,
  resource TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL
) STRICT;
CREATE INDEX provisioner_job_timings_job ON provisioner_job_timings (job_id, id);

CREATE TABLE workspace_port_shares (
  workspace_id TEXT NOT NULL REFERENCES workspaces (id) ON DELETE CASCADE,
  agent_name TEXT NOT NULL,
  port INTEGER NOT NULL,
  share_level TEXT NOT NULL,
  protocol TEXT NOT NULL,
  PRIMARY KEY (workspace_id, agent_name, port)
) STRICT;
`
