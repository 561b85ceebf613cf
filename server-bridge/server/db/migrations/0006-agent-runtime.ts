/** What agents measure, report and open: metadata, timings of scripts, log sources, app statuses and app sessions. */
export const agentRuntime = `
CREATE TABLE workspace_agent_metadata (
  agent_id TEXT NOT NULL REFERENCES workspace_agents (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  position INTEGER NOT NULL,
  display_name TEXT NOT NULL,
  script TEXT NOT NULL,
  interval_seconds INTEGER NOT NULL,
  timeout_seconds INTEGER NOT NULL,
  value TEXT NOT NULL DEFAULT '',
  error TEXT NOT NULL DEFAULT '',
  collected_at INTEGER,
  PRIMARY KEY (agent_id, key)
) STRICT;

CREATE TABLE workspace_agent_script_timings (
  script_id TEXT NOT NULL REFERENCES workspace_agent_scripts (id) ON DELETE CASCADE,
  stage TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER NOT NULL,
  exit_code INTEGER NOT NULL,
  status TEXT NOT NULL,
  PRIMARY KEY (script_id, stage)
) STRICT;

CREATE TABLE workspace_agent_log_sources (
  id TEXT NOT NULL,
  agent_id TEXT NOT NULL REFERENCES workspace_agents (id) ON DELETE CASCADE,
  display_name TEXT NOT NULL,
  icon TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (agent_id, id)
) STRICT;

CREATE TABLE workspace_app_statuses (
  id TEXT PRIMARY KEY,
  agent_id TEXT NOT NULL REFERENCES workspace_agents (id) ON DELETE CASCADE,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  app_id TEXT NOT NULL,
  state TEXT NOT NULL,
  message TEXT NOT NULL,
  uri TEXT NOT NULL,
  icon TEXT NOT NULL,
  needs_user_attention INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX workspace_app_statuses_app ON workspace_app_statuses (app_id, created_at);

CREATE TABLE workspace_app_sessions (
  token_hash BLOB PRIMARY KEY,
  api_key_id TEXT NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  agent_name TEXT NOT NULL,
  app_slug TEXT NOT NULL,
  is_ticket INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX workspace_app_sessions_key ON workspace_app_sessions (api_key_id);
`
