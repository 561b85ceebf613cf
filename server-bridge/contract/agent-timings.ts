/** How long the parts of a start took that happen in a workspace (stable-api, section 11). */
import { z } from 'zod'
import { answer, datetime, openEnum, text } from './shape.ts'

export const timingStageSchema = openEnum([
  'init',
  'plan',
  'graph',
  'apply',
  'start',
  'stop',
  'cron',
  'connect',
])

export const agentScriptTimingSchema = answer({
  started_at: datetime,
  ended_at: datetime,
  exit_code: z.int(),
  stage: timingStageSchema,
  status: text,
  display_name: text,
  workspace_agent_id: z.string(),
  workspace_agent_name: text,
})
export type AgentScriptTiming = z.output<typeof agentScriptTimingSchema>

export const agentConnectionTimingSchema = answer({
  started_at: datetime,
  ended_at: datetime,
  stage: timingStageSchema,
  workspace_agent_id: z.string(),
  workspace_agent_name: text,
})
export type AgentConnectionTiming = z.output<typeof agentConnectionTimingSchema>
