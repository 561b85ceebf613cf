/** Times are epoch milliseconds, booleans 0 or 1, lists and maps JSON text. */
export const initialSchema = `
CREATE TABLE deployment_settings (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE organizations (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  display_name TEXT NOT NULL,
  description TEXT NOT NULL,
  icon TEXT NOT NULL,
  is_default INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  username TEXT NOT NULL UNIQUE COLLATE NOCASE,
  email TEXT NOT NULL UNIQUE COLLATE NOCASE,
  name TEXT NOT NULL,
  avatar_url TEXT NOT NULL,
  password_hash TEXT,
  status TEXT NOT NULL,
  login_type TEXT NOT NULL,
  roles TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  last_seen_at INTEGER
) STRICT;

CREATE TABLE organization_members (
  organization_id TEXT NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  roles TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (organization_id, user_id)
) STRICT;

CREATE TABLE api_keys (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  secret_hash BLOB NOT NULL,
  login_type TEXT NOT NULL,
  token_name TEXT NOT NULL,
  scopes TEXT NOT NULL,
  lifetime_seconds INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  last_used INTEGER,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX api_keys_token_name ON api_keys (user_id, token_name) WHERE login_type = 'token';

CREATE TABLE files (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  created_by TEXT NOT NULL REFERENCES users (id),
  created_at INTEGER NOT NULL,
  mimetype TEXT NOT NULL,
  data BLOB NOT NULL,
  UNIQUE (hash, created_by)
) STRICT;

CREATE TABLE provisioner_jobs (
  id TEXT PRIMARY KEY,
  type TEXT NOT NULL,
  status TEXT NOT NULL,
  file_id TEXT NOT NULL REFERENCES files (id),
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  initiator_id TEXT NOT NULL REFERENCES users (id),
  template_version_id TEXT,
  workspace_build_id TEXT,
  error TEXT,
  error_code TEXT,
  worker_id TEXT,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  canceled_at INTEGER,
  completed_at INTEGER,
  logs_length INTEGER NOT NULL DEFAULT 0,
  logs_overflowed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX provisioner_jobs_waiting ON provisioner_jobs (created_at) WHERE completed_at IS NULL;

CREATE TABLE provisioner_job_logs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id TEXT NOT NULL REFERENCES provisioner_jobs (id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  source TEXT NOT NULL,
  level TEXT NOT NULL,
  stage TEXT NOT NULL,
  output TEXT NOT NULL
) STRICT;
CREATE INDEX provisioner_job_logs_job ON provisioner_job_logs (job_id, id);

CREATE TABLE templates (
  id TEXT PRIMARY KEY,
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  name TEXT NOT NULL,
  display_name TEXT NOT NULL,
  description TEXT NOT NULL,
  icon TEXT NOT NULL,
  active_version_id TEXT NOT NULL,
  created_by TEXT NOT NULL REFERENCES users (id),
  deprecation_message TEXT NOT NULL,
  settings TEXT NOT NULL,
  deleted INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX templates_name ON templates (organization_id, name COLLATE NOCASE) WHERE deleted = 0;

CREATE TABLE template_versions (
  id TEXT PRIMARY KEY,
  template_id TEXT REFERENCES templates (id),
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  name TEXT NOT NULL,
  message TEXT NOT NULL,
  readme TEXT NOT NULL,
  job_id TEXT NOT NULL REFERENCES provisioner_jobs (id),
  file_id TEXT NOT NULL REFERENCES files (id),
  created_by TEXT NOT NULL REFERENCES users (id),
  archived INTEGER NOT NULL DEFAULT 0,
  user_variable_values TEXT NOT NULL,
  parameters TEXT NOT NULL DEFAULT '[]',
  variables TEXT NOT NULL DEFAULT '[]',
  presets TEXT NOT NULL DEFAULT '[]',
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX template_versions_name ON template_versions (template_id, name COLLATE NOCASE)
  WHERE template_id IS NOT NULL;

CREATE TABLE workspaces (
  id TEXT PRIMARY KEY,
  owner_id TEXT NOT NULL REFERENCES users (id),
  organization_id TEXT NOT NULL REFERENCES organizations (id),
  template_id TEXT NOT NULL REFERENCES templates (id),
  name TEXT NOT NULL,
  folder TEXT NOT NULL UNIQUE,
  autostart_schedule TEXT,
  ttl_ms INTEGER,
  automatic_updates TEXT NOT NULL,
  favorite INTEGER NOT NULL DEFAULT 0,
  deleted INTEGER NOT NULL DEFAULT 0,
  dormant_at INTEGER,
  deleting_at INTEGER,
  last_used_at INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX workspaces_name ON workspaces (owner_id, name COLLATE NOCASE) WHERE deleted = 0;

CREATE TABLE workspace_builds (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL REFERENCES workspaces (id),
  template_version_id TEXT NOT NULL REFERENCES template_versions (id),
  template_version_preset_id TEXT,
  build_number INTEGER NOT NULL,
  transition TEXT NOT NULL,
  initiator_id TEXT NOT NULL REFERENCES users (id),
  job_id TEXT NOT NULL UNIQUE REFERENCES provisioner_jobs (id),
  reason TEXT NOT NULL,
  deadline INTEGER,
  max_deadline INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  UNIQUE (workspace_id, build_number)
) STRICT;

CREATE TABLE workspace_build_parameters (
  build_id TEXT NOT NULL REFERENCES workspace_builds (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (build_id, name)
) STRICT;

CREATE TABLE workspace_resources (
  id TEXT PRIMARY KEY,
  job_id TEXT NOT NULL REFERENCES provisioner_jobs (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  transition TEXT NOT NULL,
  type TEXT NOT NULL,
  name TEXT NOT NULL,
  hide INTEGER NOT NULL,
  icon TEXT NOT NULL,
  daily_cost INTEGER NOT NULL,
  metadata TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX workspace_resources_job ON workspace_resources (job_id);

CREATE TABLE workspace_agents (
  id TEXT PRIMARY KEY,
  resource_id TEXT NOT NULL REFERENCES workspace_resources (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  token_hash BLOB,
  process_id INTEGER,
  last_event_seq INTEGER NOT NULL DEFAULT 0,
  architecture TEXT NOT NULL,
  operating_system TEXT NOT NULL,
  directory TEXT NOT NULL,
  expanded_directory TEXT NOT NULL,
  environment TEXT NOT NULL,
  display_apps TEXT NOT NULL,
  apps TEXT NOT NULL,
  version TEXT NOT NULL,
  connection_timeout_seconds INTEGER NOT NULL,
  troubleshooting_url TEXT NOT NULL,
  startup_script_behavior TEXT NOT NULL,
  lifecycle_state TEXT NOT NULL,
  first_connected_at INTEGER,
  last_connected_at INTEGER,
  disconnected_at INTEGER,
  started_at INTEGER,
  ready_at INTEGER,
  logs_length INTEGER NOT NULL DEFAULT 0,
  logs_overflowed INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;
CREATE INDEX workspace_agents_resource ON workspace_agents (resource_id);
CREATE UNIQUE INDEX workspace_agents_token ON workspace_agents (token_hash) WHERE token_hash IS NOT NULL;

CREATE TABLE workspace_agent_scripts (
  id TEXT PRIMARY KEY,
  agent_id TEXT NOT NULL REFERENCES workspace_agents (id) ON DELETE CASCADE,
  log_source_id TEXT NOT NULL,
  position INTEGER NOT NULL,
  display_name TEXT NOT NULL,
  icon TEXT NOT NULL,
  script TEXT NOT NULL,
  cron TEXT NOT NULL,
  log_path TEXT NOT NULL,
  run_on_start INTEGER NOT NULL,
  run_on_stop INTEGER NOT NULL,
  start_blocks_login INTEGER NOT NULL,
  timeout_seconds INTEGER NOT NULL,
  exit_code INTEGER,
  status TEXT,
  started_at INTEGER,
  ended_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX workspace_agent_scripts_agent ON workspace_agent_scripts (agent_id, position);

CREATE TABLE workspace_agent_logs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  agent_id TEXT NOT NULL REFERENCES workspace_agents (id) ON DELETE CASCADE,
  log_source_id TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  level TEXT NOT NULL,
  output TEXT NOT NULL
) STRICT;
CREATE INDEX workspace_agent_logs_agent ON workspace_agent_logs (agent_id, id);

CREATE TABLE audit_logs (
  id TEXT PRIMARY KEY,
  created_at INTEGER NOT NULL,
  request_id TEXT NOT NULL,
  user_id TEXT,
  organization_id TEXT,
  ip TEXT NOT NULL,
  user_agent TEXT NOT NULL,
  resource_type TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  resource_target TEXT NOT NULL,
  action TEXT NOT NULL,
  status_code INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_logs_time ON audit_logs (created_at);
`
