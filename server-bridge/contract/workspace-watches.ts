import { z } from 'zod'
import { provisionerJobStatusSchema } from './provisioner-jobs.ts'
import { defineRoute } from './route.ts'
import { answer, text, uuid } from './shape.ts'
import { workspaceAgentLifecycleSchema } from './workspace-agents.ts'
import { workspaceTransitionSchema } from './workspace-transition.ts'

/** Why a connection watch ended; the numbers are Coder's. */
export const watchErrorCodes = {
  tooManyAgents: 1,
  nameNotFound: 2,
  noAgents: 3,
  serverShutdown: 4,
  database: 5,
  internal: 6,
} as const

export const buildUpdateSchema = answer({
  transition: workspaceTransitionSchema,
  job_status: provisionerJobStatusSchema,
})
export const agentUpdateSchema = answer({ lifecycle: workspaceAgentLifecycleSchema, id: uuid })
export const watchErrorSchema = answer({
  code: z.literal(Object.values(watchErrorCodes)),
  retryable: z.boolean(),
  message: text,
  details: z.string().optional(),
})
/** One of the three; after an error the socket closes. */
export const connectionWatchEventSchema = answer({
  error: watchErrorSchema.nullish(),
  build_update: buildUpdateSchema.optional(),
  agent_update: agentUpdateSchema.optional(),
})
export type ConnectionWatchEvent = z.output<typeof connectionWatchEventSchema>

export const workspaceBuildUpdateSchema = answer({
  workspace_id: uuid,
  workspace_name: text,
  build_id: uuid,
  transition: text,
  job_status: text,
  build_number: z.int(),
})
export type WorkspaceBuildUpdate = z.output<typeof workspaceBuildUpdateSchema>

export const workspaceWatchesRoutes = {
  /** What somebody who waits for an agent needs to know, and nothing more. */
  connection: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaces/{workspace}/agent-connection-watch',
    auth: 'user',
    query: z.object({ agent_name: z.string().optional() }),
    status: 101,
    errors: [400, 401, 404, 410, 426],
    stream: 'object',
  }),
  /** Every build of the deployment; 403 for whoever may not read every workspace. */
  allBuilds: defineRoute({
    method: 'GET',
    path: '/api/experimental/watch-all-workspacebuilds',
    auth: 'user',
    status: 101,
    errors: [401, 403, 426],
    stream: 'object',
  }),
} as const
