import { z } from 'zod'
import { agentConnectionTimingSchema, agentScriptTimingSchema, timingStageSchema } from './agent-timings.ts'
import { defineRoute } from './route.ts'
import { answer, datetime, list, text, uuid } from './shape.ts'
import { workspaceResourceSchema } from './workspace-builds.ts'

export const provisionerTimingSchema = answer({
  job_id: uuid,
  started_at: datetime,
  ended_at: datetime,
  stage: timingStageSchema,
  source: text,
  action: text,
  resource: text,
})
export type ProvisionerTiming = z.output<typeof provisionerTimingSchema>

export const workspaceBuildTimingsSchema = answer({
  provisioner_timings: list(provisionerTimingSchema),
  agent_script_timings: list(agentScriptTimingSchema),
  agent_connection_timings: list(agentConnectionTimingSchema),
})
export type WorkspaceBuildTimings = z.output<typeof workspaceBuildTimingsSchema>

/** Base64. */
export const updateWorkspaceBuildStateRequestSchema = z.object({ state: z.base64() })

export const workspaceBuildRecordsRoutes = {
  timingsOfWorkspace: defineRoute({
    method: 'GET',
    path: '/api/v2/workspaces/{workspace}/timings',
    auth: 'user',
    status: 200,
    answer: workspaceBuildTimingsSchema,
    errors: [400, 401, 404],
  }),
  timings: defineRoute({
    method: 'GET',
    path: '/api/v2/workspacebuilds/{workspacebuild}/timings',
    auth: 'user',
    status: 200,
    answer: workspaceBuildTimingsSchema,
    errors: [400, 401, 404],
  }),
  /** The bytes as they are. Needs the right to update the template: state holds secrets. */
  state: defineRoute({
    method: 'GET',
    path: '/api/v2/workspacebuilds/{workspacebuild}/state',
    auth: 'user',
    status: 200,
    errors: [400, 401, 403, 404],
  }),
  updateState: defineRoute({
    method: 'PUT',
    path: '/api/v2/workspacebuilds/{workspacebuild}/state',
    auth: 'user',
    body: updateWorkspaceBuildStateRequestSchema,
    status: 204,
    errors: [400, 401, 403, 404],
  }),
  /** Old clients; newer ones read the build itself. */
  resources: defineRoute({
    method: 'GET',
    path: '/api/v2/workspacebuilds/{workspacebuild}/resources',
    auth: 'user',
    status: 200,
    answer: list(workspaceResourceSchema),
    errors: [400, 401, 404],
  }),
} as const
