/** Templates as the gallery and the create dialog need them. */
import { z } from 'zod'
import { templateSchema } from '#bridge/contract/templates'
import { templateVersionParameterSchema, templateVersionSchema } from '#bridge/contract/template-versions'
import { deploymentIdSchema } from './deployments.ts'
import { defineProcedure } from './procedure.ts'

const deploymentId = deploymentIdSchema

export const templates = {
  list: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId }),
    output: z.array(templateSchema),
    errors: [],
  }),
  get: defineProcedure({
    kind: 'query',
    input: z.strictObject({ deploymentId, templateId: z.uuid() }),
    output: z.object({
      template: templateSchema,
      version: templateVersionSchema,
      parameters: z.array(templateVersionParameterSchema),
    }),
    /** The active version is still being imported, or could not be: `details.detail` is why. */
    errors: ['importing', 'import_failed'],
  }),
} as const
