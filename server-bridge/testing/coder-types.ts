/** The shape of the list of Coder's wire types, and how a type of ours is compared with one of them. */
import { z } from 'zod'

const fieldSchema = z.object({
  name: z.string(),
  type: z.string(),
  optional: z.boolean(),
  required: z.boolean().optional(),
  nullable: z.boolean().optional(),
})
export type CoderField = z.output<typeof fieldSchema>

export const coderTypesSchema = z.object({
  source_repo: z.string(),
  source_date: z.string(),
  types: z.record(z.string(), z.object({ fields: z.array(fieldSchema) })),
  // One enumeration of Coder is numeric.
  enums: z.record(z.string(), z.array(z.coerce.string())),
})
export type CoderTypes = z.output<typeof coderTypesSchema>

/** The schema under its wrappers, and what they add. */
interface Unwrapped {
  readonly schema: z.core.$ZodType
  readonly acceptsNull: boolean
}

function unwrap(schema: z.core.$ZodType): Unwrapped {
  let at = schema
  let acceptsNull = false
  for (;;) {
    if (at instanceof z.ZodNullable) acceptsNull = true
    if (
      at instanceof z.ZodOptional ||
      at instanceof z.ZodNullable ||
      at instanceof z.ZodDefault ||
      at instanceof z.ZodCatch
    ) {
      at = at.def.innerType
    } else if (at instanceof z.ZodPipe) {
      at = at.def.in
    } else {
      return { schema: at, acceptsNull }
    }
  }
}

/** What a schema takes, in the words of the list of types. Names of objects are given by `nameOf`. */
export function wireType(schema: z.core.$ZodType, nameOf: (schema: z.core.$ZodType) => string): string {
  const at = unwrap(schema).schema
  if (at instanceof z.ZodArray) return `array<${wireType(at.def.element, nameOf)}>`
  if (at instanceof z.ZodRecord) return `map<string,${wireType(at.def.valueType, nameOf)}>`
  if (at instanceof z.ZodObject) return nameOf(at)
  if (at instanceof z.ZodBoolean) return 'boolean'
  if (at instanceof z.ZodNumberFormat) return 'integer'
  if (at instanceof z.ZodNumber) return 'number'
  if (at instanceof z.ZodGUID || at instanceof z.ZodUUID) return 'uuid'
  if (at instanceof z.ZodISODateTime) return 'datetime'
  if (at instanceof z.ZodEnum || at instanceof z.ZodLiteral) return 'enum'
  if (at instanceof z.ZodUnion) {
    const options = at.def.options.map((option) => wireType(option, nameOf))
    return options.includes('enum') ? 'enum' : options.join('|')
  }
  if (at instanceof z.ZodString || at instanceof z.ZodCustomStringFormat || at instanceof z.ZodStringFormat) {
    return 'string'
  }
  return at instanceof z.ZodUnknown ? 'any' : at.constructor.name
}

/** The words an enumeration knows, sorted. */
export function enumValues(schema: z.core.$ZodType): string[] {
  const at = unwrap(schema).schema
  if (at instanceof z.ZodArray) return enumValues(at.def.element)
  const known = at instanceof z.ZodUnion ? at.def.options.find((option) => option instanceof z.ZodEnum) : at
  return known instanceof z.ZodEnum ? known.options.map(String).sort() : []
}

/** Whether an object may come without the field, judged by what the schema says about its output. */
export function isOptionalOutput(schema: z.core.$ZodType): boolean {
  return schema._zod.optout === 'optional'
}

/** Whether a caller may leave the field out. */
export function isOptionalInput(schema: z.core.$ZodType): boolean {
  return schema._zod.optin === 'optional'
}

export function acceptsNull(schema: z.core.$ZodType): boolean {
  return unwrap(schema).acceptsNull
}
