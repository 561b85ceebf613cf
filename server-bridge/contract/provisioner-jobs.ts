import { z } from 'zod'
import {
  answer,
  count,
  datetime,
  flag,
  list,
  map,
  openEnum,
  optionalUuid,
  queryInteger,
  text,
  uuid,
} from './shape.ts'
import { workspaceTransitionSchema } from './workspace-transition.ts'

export const provisionerJobStatuses = [
  'pending',
  'running',
  'succeeded',
  'canceling',
  'canceled',
  'failed',
  'unknown',
] as const
export const provisionerJobStatusSchema = openEnum(provisionerJobStatuses)
export type ProvisionerJobStatus = z.output<typeof provisionerJobStatusSchema>

export const jobErrorCodes = ['REQUIRED_TEMPLATE_VARIABLES', 'INSUFFICIENT_QUOTA'] as const
export const jobErrorCodeSchema = openEnum(jobErrorCodes)
export const provisionerJobTypes = [
  'template_version_import',
  'workspace_build',
  'template_version_dry_run',
] as const
export const provisionerJobTypeSchema = openEnum(provisionerJobTypes)
export const logSources = ['provisioner_daemon', 'provisioner'] as const
export const logSourceSchema = openEnum(logSources)
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error'] as const
export const logLevelSchema = openEnum(logLevels)
export type LogLevel = z.output<typeof logLevelSchema>

export const provisionerTypes = ['echo', 'terraform'] as const
export const provisionerTypeSchema = openEnum(provisionerTypes)
export type ProvisionerType = z.output<typeof provisionerTypeSchema>

export const provisionerJobInputSchema = answer({
  template_version_id: uuid.optional(),
  workspace_build_id: uuid.optional(),
  error: z.string().optional(),
})

export const provisionerJobMetadataSchema = answer({
  template_version_name: text,
  template_id: optionalUuid,
  template_name: text,
  template_display_name: text,
  template_icon: text,
  workspace_id: uuid.optional(),
  workspace_name: z.string().optional(),
  workspace_build_transition: workspaceTransitionSchema.optional(),
})

/** What `metadata` of a job holds where the endpoint does not fill it. */
const noMetadata = {
  template_version_name: '',
  template_id: '00000000-0000-0000-0000-000000000000',
  template_name: '',
  template_display_name: '',
  template_icon: '',
}

export const provisionerJobSchema = answer({
  id: uuid,
  created_at: datetime,
  started_at: datetime.optional(),
  completed_at: datetime.optional(),
  canceled_at: datetime.optional(),
  error: z.string().optional(),
  error_code: jobErrorCodeSchema.optional(),
  status: provisionerJobStatusSchema,
  worker_id: uuid.optional(),
  worker_name: z.string().optional(),
  file_id: optionalUuid,
  tags: map(z.string()),
  queue_position: count,
  queue_size: count,
  organization_id: optionalUuid,
  initiator_id: optionalUuid,
  input: provisionerJobInputSchema.default({}),
  type: provisionerJobTypeSchema.default(''),
  available_workers: list(uuid).optional(),
  metadata: provisionerJobMetadataSchema.default(noMetadata),
  logs_overflowed: flag,
})
export type ProvisionerJob = z.output<typeof provisionerJobSchema>

export const provisionerJobLogSchema = answer({
  /** One ascending sequence over all jobs: compare, never count. */
  id: z.int(),
  created_at: datetime,
  log_source: logSourceSchema,
  log_level: logLevelSchema,
  /** A row with an empty output is a heading. */
  stage: text,
  /** May hold ANSI codes. */
  output: text,
})
export type ProvisionerJobLog = z.output<typeof provisionerJobLogSchema>

export const matchedProvisionersSchema = answer({
  /** 0 available: nobody will pick the job up. */
  count,
  available: count,
  most_recently_seen: datetime.nullish(),
})
export type MatchedProvisioners = z.output<typeof matchedProvisionersSchema>

/** Query of every job log over REST. `format=text` answers `text/plain`. */
export const jobLogsQuerySchema = z.object({
  after: queryInteger.optional(),
  format: z.enum(['json', 'text']).optional(),
})
/** Query of the same logs as a socket: following is asked by the mere presence of `follow`. */
export const followJobLogsQuerySchema = z.object({
  follow: z.string().default('true'),
  /** Text cannot be followed. */
  format: z.enum(['json']).optional(),
  after: queryInteger.optional(),
})

/** Whether the job will not change any more. */
export function isJobFinished(status: ProvisionerJobStatus): boolean {
  return status === 'succeeded' || status === 'failed' || status === 'canceled'
}
