import { z } from 'zod'
import {
  followJobLogsQuerySchema,
  jobLogsQuerySchema,
  matchedProvisionersSchema,
  provisionerJobLogSchema,
  provisionerJobSchema,
} from './provisioner-jobs.ts'
import { responseSchema } from './response.ts'
import { defineRoute } from './route.ts'
import { list } from './shape.ts'
import { variableValueSchema } from './template-versions.ts'
import { workspaceResourceSchema } from './workspace-builds.ts'

/** What a build with these values would make, without making it. */
export const createTemplateVersionDryRunRequestSchema = z.object({
  workspace_name: z.string().default(''),
  rich_parameter_values: z
    .array(z.object({ name: z.string(), value: z.string() }))
    .nullish()
    .transform((values) => values ?? []),
  user_variable_values: z.array(variableValueSchema).nullish(),
})
export type CreateTemplateVersionDryRunRequest = z.output<typeof createTemplateVersionDryRunRequestSchema>

const all = '/api/v2/templateversions/{templateversion}/dry-run'
const one = `${all}/{provisionerjob}` as const

export const templateDryRunsRoutes = {
  create: defineRoute({
    method: 'POST',
    path: all,
    auth: 'user',
    body: createTemplateVersionDryRunRequestSchema,
    status: 201,
    answer: provisionerJobSchema,
    errors: [400, 401, 403, 404, 425],
  }),
  get: defineRoute({
    method: 'GET',
    path: one,
    auth: 'user',
    status: 200,
    answer: provisionerJobSchema,
    errors: [400, 401, 403, 404],
  }),
  resources: defineRoute({
    method: 'GET',
    path: `${one}/resources`,
    auth: 'user',
    status: 200,
    answer: list(workspaceResourceSchema),
    errors: [400, 401, 403, 404],
  }),
  logs: defineRoute({
    method: 'GET',
    path: `${one}/logs`,
    auth: 'user',
    query: jobLogsQuerySchema,
    status: 200,
    answer: list(provisionerJobLogSchema),
    errors: [400, 401, 403, 404],
  }),
  followLogs: defineRoute({
    method: 'GET',
    path: `${one}/logs`,
    auth: 'user',
    query: followJobLogsQuerySchema,
    status: 101,
    errors: [400, 401, 403, 404, 426],
    stream: 'object',
  }),
  matchedProvisioners: defineRoute({
    method: 'GET',
    path: `${one}/matched-provisioners`,
    auth: 'user',
    status: 200,
    answer: matchedProvisionersSchema,
    errors: [400, 401, 403, 404],
  }),
  cancel: defineRoute({
    method: 'PATCH',
    path: `${one}/cancel`,
    auth: 'user',
    status: 200,
    answer: responseSchema,
    errors: [400, 401, 403, 404],
  }),
} as const
