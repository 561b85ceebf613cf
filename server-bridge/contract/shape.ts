/**
 * The building blocks of every schema, so that how tolerant we are is decided in one place.
 *
 * Answers come from servers older and newer than us: unknown keys are dropped, unknown words of an enumeration pass,
 * `null` lists are empty lists, and a field that an older server does not know yet gets Go's zero value. Only what the
 * app cannot work without (ids, names, states) is demanded.
 */
import { z } from 'zod'
import { isZeroUuid, zeroTime, zeroUuid } from './zero-values.ts'

/** Any uuid, also ones whose version bits RFC 9562 does not know. */
export const uuid = z.guid()
/** RFC 3339. Checked, because an unreadable time throws only later, in the interface. */
export const datetime = z.iso.datetime({ offset: true })
/** Nanoseconds. Not `z.int()`: one year is beyond what a double counts exactly, and that does not matter here. */
export const durationNs = z.number()

/** Fields of answers that older servers may lack. */
export const text = z.string().default('')
export const flag = z.boolean().default(false)
export const count = z.int().default(0)
export const optionalUuid = uuid.default(zeroUuid)
export const optionalTime = datetime.default(zeroTime)

/** The answer of a server: unknown keys are accepted and dropped. */
export function answer<const T extends z.core.$ZodLooseShape>(shape: T) {
  return z.object(shape)
}

/** A list, which Go may send as `null` when empty. */
export function list<const T extends z.ZodType>(item: T) {
  return z
    .array(item)
    .nullish()
    .transform((value) => value ?? [])
}

/** A map with string keys, which Go may send as `null` when empty. */
export function map<const T extends z.ZodType>(value: T) {
  return z
    .record(z.string(), value)
    .nullish()
    .transform((entries) => entries ?? {})
}

/** A known word, or one that a newer server has added. */
export type Open<T extends string> = T | (string & Record<never, never>)

/** An enumeration that newer servers may extend. The known words still complete in the editor. */
export function openEnum<const T extends readonly [string, ...string[]]>(values: T) {
  return z.union([
    z.enum(values),
    z.custom<string & Record<never, never>>((value) => typeof value === 'string', 'must be a string'),
  ])
}

/** A uuid of a request, where Go clients send the zero uuid for "none". */
export const requestUuid = uuid
  .optional()
  .transform((value) => (isZeroUuid(value) ? undefined : value))
  .optional()

/** Coder's wording of a declarative validation that failed; `validations[].detail` of its 400. */
export function failedRule(rule: string) {
  return (issue: { readonly input?: unknown }): string => {
    const value =
      typeof issue.input === 'string' || typeof issue.input === 'number' ? String(issue.input) : ''
    return `Validation failed for tag "${rule}" with value: "${value}"`
  }
}

/** A string a request must carry and that must not be empty. */
export const requiredText = z
  .string({ error: failedRule('required') })
  .min(1, { error: failedRule('required') })

/** A whole number of a query: a number for callers, its digits on the wire. */
export const queryInteger = z.union([
  z.int().min(0),
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number),
])

/** A boolean of a query: a boolean for callers, its word on the wire. */
export const queryBoolean = z.union([
  z.boolean(),
  z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1'),
])
