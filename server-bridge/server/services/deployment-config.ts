import type { Experiment } from '../../contract/experiments.ts'
import type { ChatOptions } from './chats/chat-service-deps.ts'
import { retentionMs } from './retention.ts'
import { DEFAULT_LIFETIME_SECONDS } from './sessions.ts'

const NANOSECONDS_PER_MS = 1_000_000
const nanoseconds = (ms: number): number => ms * NANOSECONDS_PER_MS
const secondsInNanoseconds = (seconds: number): number => nanoseconds(seconds * 1000)

/** Coder's default of the longest life of a token: 100 years. */
const MAX_TOKEN_LIFETIME_SECONDS = 876_600 * 3600

/** How workspaces are called by SSH, unless a client says otherwise. */
export const sshNaming = { prefix: 'coder.', suffix: 'coder' } as const

/** What the server was told at its start, as far as it may be left out. */
export interface OptionsOfStart {
  readonly maxTokenLifetimeSeconds?: number
  readonly disableRateLimits?: boolean
  readonly allowWorkspaceRenames?: boolean
  readonly tls?: unknown
  readonly wildcardAccessUrl?: string
  readonly experiments?: readonly Experiment[]
  readonly chats?: Pick<ChatOptions, 'isSharingOn' | 'isDebugLoggingForced'>
}

/** The same with Coder's defaults: the rules of the server and what it tells about them both read these. */
export interface ServedOptions {
  readonly maxTokenLifetimeSeconds: number
  readonly disableRateLimits: boolean
  readonly allowWorkspaceRenames: boolean
  readonly hasTls: boolean
  /** Empty: there is none. */
  readonly wildcardAccessUrl: string
  readonly experiments: readonly Experiment[]
  readonly isChatSharingOn: boolean
  readonly isChatDebugLoggingForced: boolean
}

export function servedOptions(options: OptionsOfStart): ServedOptions {
  return {
    maxTokenLifetimeSeconds: options.maxTokenLifetimeSeconds ?? MAX_TOKEN_LIFETIME_SECONDS,
    disableRateLimits: options.disableRateLimits ?? false,
    allowWorkspaceRenames: options.allowWorkspaceRenames ?? false,
    hasTls: options.tls !== undefined,
    wildcardAccessUrl: options.wildcardAccessUrl ?? '',
    experiments: options.experiments ?? [],
    isChatSharingOn: options.chats?.isSharingOn ?? true,
    isChatDebugLoggingForced: options.chats?.isDebugLoggingForced ?? false,
  }
}

export interface DescribedDeployment extends ServedOptions {
  readonly accessUrl: string
  /** `host:port` of the listener without TLS. */
  readonly httpAddress: string
  /** Calls of one route a minute. */
  readonly apiRateLimit: number
}

/**
 * The deployment's options in Coder's names: those that mean something here, with what they are. Durations are
 * nanoseconds; whatever holds a secret in Coder is there and blank.
 */
export function describeDeployment(deployment: DescribedDeployment): Record<string, unknown> {
  const longest = deployment.maxTokenLifetimeSeconds
  return {
    access_url: deployment.accessUrl,
    http_address: deployment.httpAddress,
    wildcard_access_url: deployment.wildcardAccessUrl,
    docs_url: '',
    redirect_to_access_url: false,
    pg_connection_url: '',
    scim_api_key: '',
    external_token_encryption_keys: [],
    experiments: [...deployment.experiments],
    update_check: false,
    telemetry: { enable: false, trace: false },
    tls: { enable: deployment.hasTls },
    prometheus: { enable: false },
    derp: { server: { enable: false } },
    ssh_keygen_algorithm: 'ed25519',
    browser_only: false,
    disable_path_apps: false,
    disable_password_auth: false,
    disable_owner_workspace_exec: true,
    allow_workspace_renames: deployment.allowWorkspaceRenames,
    enable_ai_tasks: false,
    disable_chat_sharing: !deployment.isChatSharingOn,
    ai: { chat: { debug_logging_enabled: deployment.isChatDebugLoggingForced } },
    rate_limit: { disable_all: deployment.disableRateLimits, api: deployment.apiRateLimit },
    session_lifetime: {
      disable_expiry_refresh: false,
      default_duration: secondsInNanoseconds(DEFAULT_LIFETIME_SECONDS),
      default_token_lifetime: secondsInNanoseconds(Math.min(DEFAULT_LIFETIME_SECONDS, longest)),
      max_token_lifetime: secondsInNanoseconds(longest),
    },
    retention: { audit_logs: nanoseconds(retentionMs.auditLogs) },
    config_ssh: { DeploymentName: sshNaming.prefix, SSHConfigOptions: [] },
    workspace_hostname_suffix: sshNaming.suffix,
    external_auth: [],
    support: { links: [] },
  }
}
