import { z } from 'zod'
import type { SeededRandom } from '../seeded-random.ts'

/** The part of JSON Schema that zod writes. */
interface JsonSchema {
  readonly type?: string | readonly string[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly format?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly additionalProperties?: JsonSchema | boolean
}

export interface FuzzValues {
  /** A value that the schema may accept, sometimes changed in one place so that it must not. */
  neighbour(schema: z.ZodType): unknown
  /** A text that somebody might send to see what happens. */
  hostileText(): string
  /** An id of something that exists, or of nothing. */
  id(): string
}

const HOSTILE_TEXTS = [
  '',
  ' ',
  '.',
  '..',
  '../../etc/passwd',
  '%2e%2e%2f',
  '\0',
  'a\0b',
  '\r\nx-injected: 1',
  '<script>alert(1)</script>',
  "'; DROP TABLE users; --",
  '%',
  '_',
  '"',
  '\\',
  '{{7*7}}',
  '${jndi:x}',
  '__proto__',
  'constructor',
  'toString',
  '\u202e\u0000\ufffe',
  '\ud800',
  '𝕏',
  'ﬁ',
  'me',
  'default',
  'null',
  'true',
  '-1',
  '0',
  '1e999',
  '99999999999999999999',
  'NaN',
  '1970-01-01T00:00:00Z',
  '9999-99-99T99:99:99Z',
  'owner:me status:running',
  'name:" unclosed',
  'a:b:c:d',
  'x'.repeat(300),
  'x'.repeat(70_000),
]
const HOSTILE_NUMBERS = [0, -0, -1, 1, 0.5, 2 ** 31, 2 ** 53, -(2 ** 63), 1e21, 1e308, -1e308, 5e-324]
const nothing = '00000000-0000-4000-8000-000000000000'

/** @param known ids and names of what exists. */
export function createFuzzValues(random: SeededRandom, known: readonly string[]): FuzzValues {
  const schemas = new Map<z.ZodType, JsonSchema>()
  const chance = (oneIn: number): boolean => random.below(oneIn) === 0
  const hostileText = (): string => random.pick(HOSTILE_TEXTS)
  const id = (): string => (chance(5) ? nothing : random.pick(known))

  const toJsonSchema = (schema: z.ZodType): JsonSchema => {
    const seen = schemas.get(schema)
    if (seen) return seen
    const made = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
    schemas.set(schema, made)
    return made
  }

  const anything = (): unknown =>
    random.pick<() => unknown>([
      () => null,
      () => true,
      () => random.pick(HOSTILE_NUMBERS),
      hostileText,
      () => [],
      () => ({}),
      () => [null, [[]], {}],
      () => ({ ['__proto__']: { admin: true }, constructor: 1, toString: null }),
      () => Array.from({ length: 2_000 }, () => 0),
      () => nested(500),
      id,
    ])()

  const text = ({ format }: JsonSchema): string => {
    if (format === 'uuid') return id()
    if (format === 'date-time') return '2026-01-02T03:04:05Z'
    if (format === 'email') return `${id().slice(0, 8)}@example.com`
    return chance(3) ? hostileText() : chance(2) ? id() : `name-${random.below(1_000)}`
  }

  const object = (schema: JsonSchema, depth: number): Record<string, unknown> => {
    const made: Record<string, unknown> = {}
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const isRequired = schema.required?.includes(name) === true
      if (isRequired || chance(2)) made[name] = valueOf(property, depth + 1)
    }
    if (typeof schema.additionalProperties === 'object') {
      made[hostileText()] = valueOf(schema.additionalProperties, depth + 1)
    }
    return made
  }

  const byType: Readonly<Record<string, (schema: JsonSchema, depth: number) => unknown>> = {
    object,
    array: (schema, depth) =>
      Array.from({ length: random.below(4) }, () => valueOf(schema.items ?? {}, depth + 1)),
    string: text,
    integer: () => random.pick([0, 1, 5, 3_600_000, -1, 2 ** 40]),
    number: () => random.pick(HOSTILE_NUMBERS),
    boolean: () => chance(2),
    null: () => null,
  }

  const valueOf = (schema: JsonSchema, depth = 0): unknown => {
    if (depth > 8) return null
    if (schema.enum) return random.pick(schema.enum)
    if ('const' in schema) return schema.const
    const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf
    if (choices) return valueOf(random.pick(choices), depth + 1)
    const type = typeof schema.type === 'string' ? schema.type : schema.type && random.pick(schema.type)
    return (byType[type ?? ''] ?? anything)(schema, depth)
  }

  /** Puts something else in one place, however deep. */
  const disturb = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null || chance(4)) return anything()
    if (Array.isArray(value)) {
      return value.length === 0
        ? [anything()]
        : value.map((item: unknown, at) => (at === 0 ? disturb(item) : item))
    }
    const entries = Object.entries(value)
    if (entries.length === 0 || chance(5)) return { ...value, [hostileText()]: anything() }
    const [name, inner] = random.pick(entries)
    return { ...value, [name]: chance(6) ? undefined : disturb(inner) }
  }

  return {
    hostileText,
    id,
    neighbour(schema) {
      const value = valueOf(toJsonSchema(schema))
      return chance(2) ? value : disturb(value)
    },
  }
}

function nested(depth: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value }
  return value
}
