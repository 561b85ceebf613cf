import { DEFAULT_LIFETIME_SECONDS } from './sessions.ts'
import { retentionMs } from './retention.ts'

const NANOSECONDS_PER_MS = 1_000_000
const nanoseconds = (ms: number): number => ms * NANOSECONDS_PER_MS

/** Names of workspaces end with it, after a dot. */
export const workspaceHostnameSuffix = 'coder'

/**
 * The deployment's options in Coder's names: those that mean something here, with what they are. Durations are
 * nanoseconds; whatever holds a secret in Coder is there and blank.
 */
export function describeDeployment(accessUrl: string): Record<string, unknown> {
  const lifetimeMs = DEFAULT_LIFETIME_SECONDS * 1000
  return {
    access_url: accessUrl,
    http_address: new URL(accessUrl).host,
    wildcard_access_url: '',
    docs_url: '',
    redirect_to_access_url: false,
    pg_connection_url: '',
    scim_api_key: '',
    external_token_encryption_keys: [],
    experiments: [],
    update_check: false,
    telemetry: { enable: false, trace: false },
    tls: { enable: false },
    prometheus: { enable: false },
    derp: { server: { enable: false } },
    ssh_keygen_algorithm: 'ed25519',
    browser_only: false,
    disable_path_apps: false,
    disable_password_auth: false,
    disable_owner_workspace_exec: true,
    allow_workspace_renames: false,
    enable_ai_tasks: false,
    rate_limit: { disable_all: false, api: 512 },
    session_lifetime: {
      disable_expiry_refresh: false,
      default_duration: nanoseconds(lifetimeMs),
      default_token_lifetime: nanoseconds(lifetimeMs),
    },
    retention: { audit_logs: nanoseconds(retentionMs.auditLogs) },
    config_ssh: { DeploymentName: 'coder.', SSHConfigOptions: [] },
    workspace_hostname_suffix: workspaceHostnameSuffix,
    external_auth: [],
    support: { links: [] },
  }
}
