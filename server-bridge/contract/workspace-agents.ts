import { z } from 'zod'
import { logLevelSchema } from './provisioner-jobs.ts'
import { ptyQuerySchema } from './pty.ts'
import { defineRoute } from './route.ts'
import {
  answer,
  count,
  datetime,
  durationNs,
  flag,
  list,
  map,
  openEnum,
  optionalTime,
  optionalUuid,
  queryInteger,
  text,
  uuid,
} from './shape.ts'
import { workspaceAppSchema } from './workspace-apps.ts'

export const workspaceAgentStatuses = ['connecting', 'connected', 'disconnected', 'timeout'] as const
export const workspaceAgentStatusSchema = openEnum(workspaceAgentStatuses)
export type WorkspaceAgentStatus = z.output<typeof workspaceAgentStatusSchema>

export const workspaceAgentLifecycles = [
  'created',
  'starting',
  'start_timeout',
  'start_error',
  'ready',
  'shutting_down',
  'shutdown_timeout',
  'shutdown_error',
  'off',
] as const
export const workspaceAgentLifecycleSchema = openEnum(workspaceAgentLifecycles)
export type WorkspaceAgentLifecycle = z.output<typeof workspaceAgentLifecycleSchema>

export const displayApps = [
  'vscode',
  'vscode_insiders',
  'web_terminal',
  'port_forwarding_helper',
  'ssh_helper',
] as const
export const displayAppSchema = openEnum(displayApps)
export const agentSubsystemSchema = openEnum(['envbox', 'envbuilder', 'exectrace'])
export const workspaceAgentScriptStatuses = ['ok', 'exit_failure', 'timed_out', 'pipes_left_open'] as const
export const workspaceAgentScriptStatusSchema = openEnum(workspaceAgentScriptStatuses)
export const workspaceAgentStartupScriptBehaviorSchema = openEnum(['blocking', 'non-blocking'])

export const derpRegionSchema = answer({ preferred: flag, latency_ms: z.number() })
export type DERPRegion = z.output<typeof derpRegionSchema>

export const workspaceAgentHealthSchema = answer({ healthy: flag, reason: z.string().optional() })
export type WorkspaceAgentHealth = z.output<typeof workspaceAgentHealthSchema>

export const workspaceAgentLogSourceSchema = answer({
  workspace_agent_id: uuid,
  id: uuid,
  created_at: optionalTime,
  display_name: text,
  icon: text,
})
export type WorkspaceAgentLogSource = z.output<typeof workspaceAgentLogSourceSchema>

export const workspaceAgentScriptSchema = answer({
  id: optionalUuid,
  log_source_id: uuid,
  log_path: text,
  script: text,
  cron: text,
  run_on_start: flag,
  run_on_stop: flag,
  start_blocks_login: flag,
  timeout: durationNs.default(0),
  display_name: text,
  exit_code: z.int().optional(),
  status: workspaceAgentScriptStatusSchema.optional(),
})
export type WorkspaceAgentScript = z.output<typeof workspaceAgentScriptSchema>

export const workspaceAgentMetadataResultSchema = answer({
  collected_at: datetime,
  age: count,
  value: text,
  error: text,
})

/** Times are in seconds. */
export const workspaceAgentMetadataDescriptionSchema = answer({
  display_name: text,
  key: text,
  script: text,
  interval: count,
  timeout: count,
})

export const workspaceAgentMetadataSchema = answer({
  result: workspaceAgentMetadataResultSchema,
  description: workspaceAgentMetadataDescriptionSchema,
})
export type WorkspaceAgentMetadata = z.output<typeof workspaceAgentMetadataSchema>

export const workspaceAgentSchema = answer({
  id: uuid,
  /** Set for a sub-agent, such as a dev container's. */
  parent_id: uuid.nullable().default(null),
  created_at: datetime,
  updated_at: optionalTime,
  first_connected_at: datetime.optional(),
  last_connected_at: datetime.optional(),
  disconnected_at: datetime.optional(),
  started_at: datetime.optional(),
  ready_at: datetime.optional(),
  status: workspaceAgentStatusSchema,
  lifecycle_state: workspaceAgentLifecycleSchema,
  name: z.string(),
  resource_id: optionalUuid,
  instance_id: z.string().optional(),
  architecture: text,
  environment_variables: map(z.string()),
  operating_system: text,
  logs_length: count,
  logs_overflowed: flag,
  /** May hold `~` or variables. */
  directory: z.string().optional(),
  /** The real path, once the agent has connected. */
  expanded_directory: z.string().optional(),
  version: text,
  api_version: text,
  apps: list(workspaceAppSchema),
  latency: map(derpRegionSchema).optional(),
  /** 0: no limit. */
  connection_timeout_seconds: count,
  troubleshooting_url: text,
  subsystems: list(agentSubsystemSchema),
  health: workspaceAgentHealthSchema.default({ healthy: false }),
  display_apps: list(displayAppSchema),
  log_sources: list(workspaceAgentLogSourceSchema),
  scripts: list(workspaceAgentScriptSchema),
  metadata: list(workspaceAgentMetadataSchema).optional(),
  startup_script_behavior: workspaceAgentStartupScriptBehaviorSchema.default('non-blocking'),
})
export type WorkspaceAgent = z.output<typeof workspaceAgentSchema>

export const workspaceAgentLogSchema = answer({
  id: z.int(),
  created_at: datetime,
  output: text,
  level: logLevelSchema,
  source_id: optionalUuid,
})
export type WorkspaceAgentLog = z.output<typeof workspaceAgentLogSchema>

export const workspaceAgentsRoutes = {
  get: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaceagents/{workspaceagent}',
    auth: 'user',
    status: 200,
    answer: workspaceAgentSchema,
    errors: [400, 401, 404],
  }),
  logs: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaceagents/{workspaceagent}/logs',
    auth: 'user',
    query: z.object({ after: queryInteger.optional(), format: z.enum(['json', 'text']).optional() }),
    status: 200,
    answer: list(workspaceAgentLogSchema),
    errors: [400, 401, 404],
  }),
  /** Asked by the presence of `follow`. The first message comes at once, even `[]`. */
  followLogs: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaceagents/{workspaceagent}/logs',
    auth: 'user',
    query: z.object({
      follow: z.string().default('true'),
      after: queryInteger.optional(),
      no_compression: z.string().optional(),
    }),
    status: 101,
    errors: [400, 401, 404, 426],
    stream: 'array',
  }),
  /** Names of the two above from before there were other logs. */
  startupLogs: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaceagents/{workspaceagent}/startup-logs',
    auth: 'user',
    query: z.object({ after: queryInteger.optional(), format: z.enum(['json', 'text']).optional() }),
    status: 200,
    answer: list(workspaceAgentLogSchema),
    errors: [400, 401, 404],
  }),
  followStartupLogs: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaceagents/{workspaceagent}/startup-logs',
    auth: 'user',
    query: z.object({ follow: z.string().default('true'), after: queryInteger.optional() }),
    status: 101,
    errors: [400, 401, 404, 426],
    stream: 'array',
  }),
  /** Not signed in, or not connected, is a 404 here, and it may be a web page. */
  pty: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaceagents/{workspaceagent}/pty',
    auth: 'user',
    query: ptyQuerySchema,
    status: 101,
    errors: [400, 404, 426],
    stream: 'bytes',
  }),
} as const

/** Whether shells and apps of the agent can be used now. */
export function isAgentUsable(agent: Pick<WorkspaceAgent, 'status'>): boolean {
  return agent.status === 'connected'
}
