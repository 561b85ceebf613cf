import { z } from 'zod'

interface JsonSchema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly format?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly anyOf?: readonly JsonSchema[]
  /** What a discriminated union becomes. */
  readonly oneOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
}

/** A value that an input schema accepts, with every required field, for tests that run over the whole contract. */
export function sampleInput(schema: z.ZodType): unknown {
  const value = sample(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema)
  schema.parse(value)
  return value
}

function sample(schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  const [first] = schema.anyOf ?? schema.oneOf ?? []
  if (first !== undefined) return sample(first)
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([key]) => schema.required?.includes(key))
          .map(([key, property]) => [key, sample(property)]),
      )
    case 'array':
      return schema.items === undefined ? [] : [sample(schema.items)]
    case 'string':
      if (schema.pattern?.startsWith('^\\/') === true) return '/sample'
      if (schema.format === 'date-time') return '2026-11-01T10:00:00Z'
      return schema.format === 'uuid' ? '4dbe9fc2-4d8f-4ab5-8a5e-0c9a0a0b6d11' : 'sample'
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 1, 1)
    case 'boolean':
      return true
    default:
      return null
  }
}
