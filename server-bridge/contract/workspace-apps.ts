import { z } from 'zod'
import { answer, count, datetime, flag, list, openEnum, text, uuid } from './shape.ts'

export const workspaceAppStatusStates = ['working', 'idle', 'complete', 'failure'] as const
export const workspaceAppStatusStateSchema = openEnum(workspaceAppStatusStates)
export const workspaceAppSharingLevelSchema = openEnum(['owner', 'authenticated', 'organization', 'public'])
export const workspaceAppHealthSchema = openEnum(['disabled', 'initializing', 'healthy', 'unhealthy'])
export const workspaceAppOpenInSchema = openEnum(['slim-window', 'tab'])

export const workspaceAppStatusSchema = answer({
  id: uuid,
  created_at: datetime,
  workspace_id: uuid,
  agent_id: uuid,
  app_id: uuid,
  state: workspaceAppStatusStateSchema,
  message: text,
  uri: text,
  icon: text,
  needs_user_attention: flag,
})
export type WorkspaceAppStatus = z.output<typeof workspaceAppStatusSchema>

/** Times are in seconds. */
export const healthcheckSchema = answer({ url: text, interval: count, threshold: count })
export type Healthcheck = z.output<typeof healthcheckSchema>

export const workspaceAppSchema = answer({
  id: uuid,
  url: z.string().optional(),
  external: flag,
  slug: z.string(),
  display_name: z.string().optional(),
  command: z.string().optional(),
  icon: z.string().optional(),
  subdomain: flag,
  subdomain_name: z.string().optional(),
  sharing_level: workspaceAppSharingLevelSchema.default('owner'),
  healthcheck: healthcheckSchema.optional(),
  health: workspaceAppHealthSchema.default('disabled'),
  group: z.string().optional(),
  hidden: flag,
  open_in: workspaceAppOpenInSchema.default('slim-window'),
  tooltip: z.string().optional(),
  statuses: list(workspaceAppStatusSchema),
})
export type WorkspaceApp = z.output<typeof workspaceAppSchema>
