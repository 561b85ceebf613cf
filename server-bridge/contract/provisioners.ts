/** Who does the jobs of an organization, and which there are. Queries are strict. */
import { z } from 'zod'
import {
  provisionerJobSchema,
  provisionerJobStatuses,
  provisionerJobStatusSchema,
  provisionerTypeSchema,
} from './provisioner-jobs.ts'
import { defineRoute } from './route.ts'
import { answer, datetime, list, map, openEnum, queryBoolean, queryInteger, text, uuid } from './shape.ts'

export const provisionerDaemonStatuses = ['offline', 'idle', 'busy'] as const

export const provisionerDaemonJobSchema = answer({
  id: uuid,
  status: provisionerJobStatusSchema,
  template_name: text,
  template_icon: text,
  template_display_name: text,
})
export const provisionerDaemonSchema = answer({
  id: uuid,
  organization_id: uuid,
  key_id: uuid,
  created_at: datetime,
  last_seen_at: datetime.nullish(),
  name: text,
  version: text,
  api_version: text,
  provisioners: list(provisionerTypeSchema),
  tags: map(z.string()),
  key_name: z.string().nullish(),
  status: openEnum(provisionerDaemonStatuses).nullish(),
  current_job: provisionerDaemonJobSchema.nullish(),
  previous_job: provisionerDaemonJobSchema.nullish(),
})
export type ProvisionerDaemon = z.output<typeof provisionerDaemonSchema>

const uuidList = z
  .string()
  .refine((value) => value.split(',').every((id) => uuid.safeParse(id).success), 'must be uuids')
  .transform((value) => value.split(','))
const wordList = (known: readonly string[]) =>
  z
    .string()
    .refine((value) => value.split(',').every((word) => known.includes(word)), 'is not a known status')
    .transform((value) => value.split(','))
/** `{"key":"value"}`, as Go clients send it. */
const tags = z
  .string()
  .transform((value, context): Record<string, string> => {
    try {
      return z.record(z.string(), z.string()).parse(JSON.parse(value))
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a JSON object of texts' })
      return z.NEVER
    }
  })
  .optional()

const organizationPath = '/api/v2/organizations/{organization}'
export const provisionersRoutes = {
  daemons: defineRoute({
    method: 'GET',
    path: `${organizationPath}/provisionerdaemons`,
    auth: 'user',
    query: z.strictObject({
      ids: uuidList.optional(),
      limit: queryInteger.optional(),
      offline: queryBoolean.optional(),
      status: wordList(provisionerDaemonStatuses).optional(),
      max_age: z.string().optional(),
      tags,
    }),
    status: 200,
    answer: list(provisionerDaemonSchema),
    errors: [400, 401, 404],
  }),
  /** Newest first; `metadata` is filled. */
  jobs: defineRoute({
    method: 'GET',
    path: `${organizationPath}/provisionerjobs`,
    auth: 'user',
    query: z.strictObject({
      ids: uuidList.optional(),
      limit: queryInteger.optional(),
      status: wordList(provisionerJobStatuses).optional(),
      initiator: z.string().optional(),
      tags,
    }),
    status: 200,
    answer: list(provisionerJobSchema),
    errors: [400, 401, 404],
  }),
  job: defineRoute({
    method: 'GET',
    path: `${organizationPath}/provisionerjobs/{provisionerjob}`,
    auth: 'user',
    status: 200,
    answer: provisionerJobSchema,
    errors: [400, 401, 404],
  }),
} as const
