/** What can be asked of a running agent besides its own description (stable-api, sections 12 and 13). */
import { z } from 'zod'
import { logLevelSchema } from './provisioner-jobs.ts'
import { defineRoute } from './route.ts'
import { answer, datetime, flag, list, map, openEnum, requiredText, text, uuid } from './shape.ts'
import { workspaceAppStatusStateSchema } from './workspace-apps.ts'

export const workspaceAgentListeningPortSchema = answer({
  process_name: text,
  network: text,
  port: z.int().min(0).max(65_535),
})
export type WorkspaceAgentListeningPort = z.output<typeof workspaceAgentListeningPortSchema>

export const workspaceAgentListeningPortsResponseSchema = answer({
  ports: list(workspaceAgentListeningPortSchema),
})

export const workspaceAgentContainerPortSchema = answer({
  port: z.int(),
  network: text,
  host_ip: z.string().optional(),
  host_port: z.int().optional(),
})

export const workspaceAgentContainerSchema = answer({
  created_at: datetime,
  id: z.string(),
  name: text,
  image: text,
  labels: map(z.string()),
  running: flag,
  ports: list(workspaceAgentContainerPortSchema),
  status: text,
  volumes: map(z.string()),
})

export const workspaceAgentDevcontainerAgentSchema = answer({ id: uuid, name: text, directory: text })

export const workspaceAgentDevcontainerSchema = answer({
  id: uuid,
  name: text,
  workspace_folder: text,
  config_path: z.string().optional(),
  subagent_id: uuid.nullish(),
  status: openEnum(['running', 'stopped', 'starting', 'stopping', 'deleting', 'error']),
  dirty: flag,
  container: workspaceAgentContainerSchema.optional(),
  agent: workspaceAgentDevcontainerAgentSchema.optional(),
  error: z.string().optional(),
})

export const workspaceAgentListContainersResponseSchema = answer({
  devcontainers: list(workspaceAgentDevcontainerSchema),
  containers: list(workspaceAgentContainerSchema),
  warnings: z.array(z.string()).nullish(),
})

/** Ours: a shell that runs in a workspace, whether somebody looks at it or not. */
export const terminalSessionSchema = answer({
  /** The `reconnect` id that leads back to it. */
  id: uuid,
  /** Empty for a login shell. */
  command: text,
  /** What the program calls its window; empty when it says nothing. */
  title: text,
  started_at: datetime,
  /** When something was last typed or printed. */
  last_active_at: datetime,
  clients: z.int(),
})
export type TerminalSession = z.output<typeof terminalSessionSchema>

export const terminalSessionsResponseSchema = answer({ terminals: list(terminalSessionSchema) })

/** Ours: where to open an app, valid once and for a minute. A path, or the whole address of a host of the app's own. */
export const appSessionResponseSchema = answer({ url: z.string() })

const agentPath = '/api/v2/workspaceagents/{workspaceagent}'
const ourAgentPath = '/api/experimental/workspaceagents/{workspaceagent}'
const messageSchema = answer({ message: text })

export const agentRuntimeRoutes = {
  /** 400 when the agent is not connected. */
  listeningPorts: defineRoute({
    method: 'GET',
    path: `${agentPath}/listening-ports`,
    auth: 'user',
    status: 200,
    answer: workspaceAgentListeningPortsResponseSchema,
    errors: [400, 401, 404],
  }),
  /** No leading ping; all values at once, at most once a second on change and at least every five seconds. */
  watchMetadataWs: defineRoute({
    method: 'GET',
    path: `${agentPath}/watch-metadata-ws`,
    auth: 'user',
    status: 101,
    errors: [400, 401, 404, 426],
    stream: 'event',
  }),
  watchMetadata: defineRoute({
    method: 'GET',
    path: `${agentPath}/watch-metadata`,
    auth: 'user',
    status: 200,
    errors: [400, 401, 404],
    stream: 'sse',
  }),
  /** 400 when the agent is not connected, 403 where containers are switched off. */
  containers: defineRoute({
    method: 'GET',
    path: `${agentPath}/containers`,
    auth: 'user',
    status: 200,
    answer: workspaceAgentListContainersResponseSchema,
    errors: [400, 401, 403, 404],
  }),
  watchContainers: defineRoute({
    method: 'GET',
    path: `${agentPath}/containers/watch`,
    auth: 'user',
    status: 101,
    errors: [400, 401, 403, 404],
    stream: 'object',
  }),
  recreateDevcontainer: defineRoute({
    method: 'POST',
    path: `${agentPath}/containers/devcontainers/{devcontainer}/recreate`,
    auth: 'user',
    status: 202,
    answer: messageSchema,
    errors: [400, 401, 403, 404],
  }),
  deleteDevcontainer: defineRoute({
    method: 'DELETE',
    path: `${agentPath}/containers/devcontainers/{devcontainer}`,
    auth: 'user',
    status: 204,
    errors: [400, 401, 403, 404],
  }),
  /** Ours, feature `terminal-sessions`: the shells that run, the first one first. */
  terminals: defineRoute({
    method: 'GET',
    path: `${ourAgentPath}/terminals`,
    auth: 'user',
    status: 200,
    answer: terminalSessionsResponseSchema,
    errors: [400, 401, 404],
  }),
  /** Ours: ends a shell with all that runs in it. */
  endTerminal: defineRoute({
    method: 'DELETE',
    path: `${ourAgentPath}/terminals/{terminal}`,
    auth: 'user',
    status: 204,
    errors: [400, 401, 404],
  }),
  /** Ours, feature `app-sessions`: opens an app, or a port where ports have hosts, for a browser without a key of the API. */
  openApp: defineRoute({
    method: 'POST',
    path: `${ourAgentPath}/apps/{app}/session`,
    auth: 'user',
    status: 201,
    answer: appSessionResponseSchema,
    errors: [400, 401, 404],
  }),
} as const

export const agentLogSchema = z.object({
  created_at: z.iso.datetime({ offset: true }),
  output: z.string(),
  level: logLevelSchema.default(''),
})

export const patchLogsSchema = z.object({ log_source_id: uuid, logs: list(agentLogSchema) })

export const postLogSourceRequestSchema = z.object({
  id: uuid,
  display_name: z.string(),
  icon: z.string(),
})

export const agentLogSourceSchema = answer({ id: uuid, display_name: text, icon: text })

export const patchAppStatusSchema = z.object({
  app_slug: requiredText,
  state: workspaceAppStatusStateSchema,
  message: z.string().default(''),
  uri: z.string().default(''),
  /** No longer shown by anybody. */
  icon: z.string().default(''),
  needs_user_attention: z.boolean().default(false),
})

/** Both halves of the owner's git key, the private one as OpenSSH writes it. */
export const agentGitSshKeySchema = answer({ public_key: text, private_key: text })
export type AgentGitSSHKey = z.output<typeof agentGitSshKeySchema>

/** For programs that act as the agent: its token is the credential. */
export const agentSideRoutes = {
  /** 413 once the log of the agent is full. */
  patchLogs: defineRoute({
    method: 'PATCH',
    path: '/api/v2/workspaceagents/me/logs',
    auth: 'agent',
    body: patchLogsSchema,
    status: 200,
    errors: [400, 401, 410, 413],
  }),
  addLogSource: defineRoute({
    method: 'POST',
    path: '/api/v2/workspaceagents/me/log-source',
    auth: 'agent',
    body: postLogSourceRequestSchema,
    status: 201,
    answer: agentLogSourceSchema,
    errors: [400, 401, 410],
  }),
  /** 403 for an agent whose template sets `api_key_scope = "no_user_data"`. */
  gitSshKey: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaceagents/me/gitsshkey',
    auth: 'agent',
    status: 200,
    answer: agentGitSshKeySchema,
    errors: [401, 403, 410],
  }),
  patchAppStatus: defineRoute({
    method: 'PATCH',
    path: '/api/v2/workspaceagents/me/app-status',
    auth: 'agent',
    body: patchAppStatusSchema,
    status: 200,
    errors: [400, 401, 410],
  }),
} as const
