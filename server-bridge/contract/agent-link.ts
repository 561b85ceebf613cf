/**
 * The agent link: how the local deployment and a workspace agent speak. Ours, not Coder's.
 *
 * The agent dials one WebSocket, `GET /api/experimental/workspaceagents/me/link`, with its token in
 * `Coder-Session-Token`. Over it runs HTTP/2 **with the agent as the server** (prior knowledge, cleartext: the
 * WebSocket is the transport), so multiplexing and flow control are the standard's (RFC 9113).
 */
import { z } from 'zod'
import { zeroUuid } from './zero-values.ts'

export const agentLinkPath = '/api/experimental/workspaceagents/me/link'

/**
 * Sent to the agent process by whoever started it, over its parent port: never argv, never the environment. Sent again
 * with the same `agentId` it moves the link, as after a restart of the server on another port.
 */
export const agentInitSchema = z.strictObject({
  type: z.literal('init'),
  serverUrl: z.url(),
  agentToken: z.string().min(1),
  agentId: z.uuid(),
  /**
   * As in the template: stable over restarts and builds, so that a new process takes back what its forerunner left and
   * nothing of the workspace's other agents. Null for one that only takes back what any of them left.
   */
  agentName: z.string().min(1).nullable(),
  /** Absolute folder of the workspace; shells start in `directory` when set, else here. */
  homeDir: z.string().min(1),
})
export type AgentInit = z.infer<typeof agentInitSchema>

/** Reported by the agent process to its parent. `fatal` carries a sentence and is followed by the end. */
export const agentToParentSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('started'), pid: z.int() }),
  z.strictObject({ type: z.literal('fatal'), message: z.string() }),
])
export type AgentToParent = z.infer<typeof agentToParentSchema>

/** A secret of the workspace's owner: a variable, a file, or both; empty where it is not. */
export const agentSecretSchema = z.strictObject({
  env_name: z.string(),
  /** `~/…`, which is the workspace's folder, or absolute. */
  file_path: z.string(),
  value: z.string(),
})
export type AgentSecret = z.infer<typeof agentSecretSchema>

/** `GET /manifest` on the server, asked by nobody: the server POSTs it to the agent right after the link is up. */
export const agentManifestSchema = z.strictObject({
  agent_id: z.uuid(),
  agent_name: z.string(),
  workspace_id: z.uuid(),
  workspace_name: z.string(),
  owner_name: z.string(),
  access_url: z.string(),
  directory: z.string(),
  /** Environment of every shell and script, from `coder_agent.env` and `coder_env`. */
  environment: z.record(z.string(), z.string()),
  scripts: z.array(
    z.strictObject({
      id: z.uuid(),
      log_source_id: z.uuid(),
      display_name: z.string(),
      script: z.string(),
      run_on_start: z.boolean(),
      run_on_stop: z.boolean(),
      start_blocks_login: z.boolean(),
      /** 0: no limit. */
      timeout_seconds: z.int().min(0),
      /** Six fields, seconds first, or a word such as `@daily`; empty for none. */
      cron: z.string(),
      /** A file that gets the output as well; empty for none. */
      log_path: z.string(),
    }),
  ),
  /** Values to measure again and again. Times in seconds; an interval of 0 measures once. */
  metadata: z.array(
    z.strictObject({
      key: z.string(),
      script: z.string(),
      interval_seconds: z.int().min(0),
      timeout_seconds: z.int().min(0),
    }),
  ),
  /** Apps whose health is asked for every `interval_seconds`; `threshold` failures in a row make one unhealthy. */
  health_checks: z.array(
    z.strictObject({
      app_id: z.uuid(),
      url: z.string(),
      interval_seconds: z.int().min(1),
      threshold: z.int().min(1),
    }),
  ),
  /** Whether `git` may use the owner's SSH key. Absent: it may. */
  git_key: z.boolean().optional(),
  /** A file whose text greets whoever opens a login shell. Absent or empty: none. */
  motd_file: z.string().optional(),
  /** Taken over once a build and agent process, before its scripts start. Absent: none. */
  secrets: z.array(agentSecretSchema).optional(),
  /** Bumped with every build: a manifest of the same build is not started twice. */
  build_id: z.uuid(),
})
export type AgentManifest = z.infer<typeof agentManifestSchema>

/** The source of what the agent itself has to say in a log, instead of one of its scripts. */
export const agentLogSourceId = zeroUuid

export const agentLifecycleSchema = z.enum([
  'created',
  'starting',
  'ready',
  'start_timeout',
  'start_error',
  'shutting_down',
  'off',
  'shutdown_timeout',
  'shutdown_error',
])
export type AgentLifecycle = z.infer<typeof agentLifecycleSchema>

/** One line of a script's output, or of the agent itself. */
export const agentLogEventSchema = z.strictObject({
  type: z.literal('log'),
  /** Of one of its scripts, or {@link agentLogSourceId}. */
  log_source_id: z.uuid(),
  created_at: z.iso.datetime(),
  level: z.enum(['trace', 'debug', 'info', 'warn', 'error']),
  output: z.string(),
  /**
   * Ascending for one agent, also over its restarts (it starts from the clock). The server acknowledges by
   * remembering it: it asks for the rest by `?after=`, and drops a repeat.
   */
  seq: z.int().min(1),
})

/**
 * Newline-delimited JSON that the agent streams as the answer of `POST /events`, for as long as the link lives. The
 * server is the HTTP/2 client, so this is the agent's way to speak first.
 */
export const agentEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('lifecycle'), state: agentLifecycleSchema, changed_at: z.iso.datetime() }),
  agentLogEventSchema,
  z.strictObject({
    type: z.literal('script-completed'),
    script_id: z.uuid(),
    exit_code: z.int(),
    started_at: z.iso.datetime(),
    ended_at: z.iso.datetime(),
    stage: z.enum(['start', 'stop', 'cron']),
    status: z.enum(['ok', 'exit_failure', 'timed_out', 'pipes_left_open']),
  }),
  /** The newest value of one key. An agent keeps the newest only, and sends it again on every link. */
  z.strictObject({
    type: z.literal('metadata'),
    key: z.string(),
    value: z.string(),
    error: z.string(),
    collected_at: z.iso.datetime(),
  }),
  z.strictObject({
    type: z.literal('app-health'),
    app_id: z.uuid(),
    health: z.enum(['healthy', 'unhealthy']),
  }),
  /** How the workspace is used: at once when a session comes or goes, and every 30 s while there is one. */
  z.strictObject({
    type: z.literal('stats'),
    reported_at: z.iso.datetime(),
    sessions: z.strictObject({ reconnecting_pty: z.int().min(0), ssh: z.int().min(0) }),
    /** Since the agent started, as the workspace sees it: `rx` came in. */
    rx_bytes: z.int().min(0),
    tx_bytes: z.int().min(0),
  }),
  z.strictObject({
    type: z.literal('hello'),
    version: z.string(),
    operating_system: z.string(),
    architecture: z.string(),
    expanded_directory: z.string(),
  }),
])
export type AgentEvent = z.infer<typeof agentEventSchema>

/** The answer of `GET /ports`: TCP ports that processes of this workspace listen on. */
export const agentPortsSchema = z.strictObject({
  ports: z.array(z.strictObject({ process_name: z.string(), port: z.int().min(1).max(65_535) })),
})

/** The answer of `GET /terminals`: the shells that run, oldest first. */
export const agentTerminalsSchema = z.strictObject({
  terminals: z.array(
    z.strictObject({
      id: z.uuid(),
      command: z.string(),
      title: z.string(),
      started_at: z.iso.datetime(),
      last_active_at: z.iso.datetime(),
      clients: z.int().min(0),
    }),
  ),
})

/** Routes of the agent's HTTP/2 server. Bodies are JSON unless said otherwise. */
export const agentRoutes = {
  /** `AgentManifest`. Answer 204. Starts the start scripts once a build. */
  manifest: { method: 'POST', path: '/manifest' },
  /**
   * Answer 200, `application/x-ndjson` stream of `AgentEvent`: first a `hello` and the present `lifecycle`, then what
   * is retained of the log after the query's `after` (a `seq`, default 0) and every `script-completed` so far, then as
   * it comes. `hello` comes again when it changes (the manifest sets the directory). The agent ends the stream only
   * when it shuts down, after the last `lifecycle`.
   */
  events: { method: 'POST', path: '/events' },
  /** 200 `{ok: true}`: the server's heartbeat, every 5 s. */
  ping: { method: 'GET', path: '/ping' },
  /**
   * Query `reconnect` (uuid), `width`, `height`, `command`. The request body is Coder's `ReconnectingPTYRequest` JSON
   * stream, the answer 200 raw terminal bytes, history first. The end of the process ends the answer; resetting the stream
   * only detaches (kept five minutes). 400 bad query, 409 no manifest yet, 429 too many terminals, each with
   * `{message}`; input that is no JSON stream resets with INTERNAL_ERROR, without an end before it.
   */
  pty: { method: 'POST', path: '/pty' },
  /** `agentTerminalsSchema`. */
  terminals: { method: 'GET', path: '/terminals' },
  /** Query `id`. Ends a shell with all that runs in it: 204, or 404 when there is none. */
  endTerminal: { method: 'DELETE', path: '/terminals' },
  /** `agentPortsSchema`. */
  ports: { method: 'GET', path: '/ports' },
  /**
   * Query `port`: a TCP connection to this machine's own address. 200 and then raw bytes both ways, 502 `{message}` when
   * nobody listens there, 400 for no port.
   */
  dial: { method: 'POST', path: '/dial' },
  /**
   * One SSH connection: the request body is what the client sends, the answer 200 what it gets (RFC 4253). The end of
   * either half, and a reset, end the connection with all its channels. 409 no manifest yet, with `{message}`.
   */
  ssh: { method: 'POST', path: '/ssh' },
  /**
   * The screen of the workspace's virtual desktop, which starts with its first use: RFB bytes (RFC 6143) both ways. 409 no
   * manifest yet, 429 too many viewers, 501 no program for it is installed, each with `{message}`.
   */
  desktop: { method: 'POST', path: '/desktop/vnc' },
  /** `{ reason: 'stop' | 'delete' }`: run stop scripts, end every process, answer 204 when all is quiet, then exit. */
  shutdown: { method: 'POST', path: '/shutdown' },
} as const
