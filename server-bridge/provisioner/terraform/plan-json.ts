import { z } from 'zod'
import { TemplateError } from '../template-error.ts'

/** What `terraform show -json` prints of a plan or a state (HashiCorp, "JSON Output Format"), as far as we read it. */

const resourceSchema = z.object({
  address: z.string(),
  mode: z.enum(['managed', 'data']),
  type: z.string(),
  name: z.string(),
  index: z.union([z.number(), z.string()]).optional(),
  values: z.record(z.string(), z.unknown()).optional(),
})

export type JsonResource = z.infer<typeof resourceSchema>

const moduleSchema = z.object({
  resources: z.array(resourceSchema).optional(),
  get child_modules() {
    return z.array(moduleSchema).optional()
  },
})

const valuesSchema = z.object({ root_module: moduleSchema.optional() })

const planSchema = z.object({
  planned_values: valuesSchema.optional(),
  // Data sources that were read for the plan, the parameters among them.
  prior_state: z.object({ values: valuesSchema.optional() }).optional(),
})

const stateSchema = z.object({ values: valuesSchema.optional() })

/** The resources and data sources of a plan as they would be. */
export function readPlan(text: string): JsonResource[] {
  const { planned_values: planned, prior_state: prior } = parse(planSchema, text)
  const data = flatten(prior?.values?.root_module).filter(({ mode }) => mode === 'data')
  const resources = flatten(planned?.root_module)
  const seen = new Set(resources.map(({ address }) => address))
  return [...resources, ...data.filter(({ address }) => !seen.has(address))]
}

/** The resources and data sources of a state as they are. */
export function readState(text: string): JsonResource[] {
  return flatten(parse(stateSchema, text).values?.root_module)
}

function flatten(module: z.infer<typeof moduleSchema> | undefined): JsonResource[] {
  if (module === undefined) return []
  return [...(module.resources ?? []), ...(module.child_modules ?? []).flatMap(flatten)]
}

function parse<T>(schema: z.ZodType<T>, text: string): T {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    throw new TemplateError('Terraform printed a plan or state that is no JSON.')
  }
  const parsed = schema.safeParse(data)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new TemplateError(
    `Terraform printed a plan or state of an unknown form: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  )
}
