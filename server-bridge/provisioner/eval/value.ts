/** A Terraform value. Maps, not objects: keys come from templates, and `__proto__` is a key like any other. */
export type Value = null | boolean | number | string | readonly Value[] | ReadonlyMap<string, Value>

/** What a value is called in messages. */
export function describeType(value: Value): string {
  if (value === null) return 'null'
  if (isList(value)) return 'a list'
  if (isMap(value)) return 'a map'
  if (typeof value === 'boolean') return 'true or false'
  return typeof value === 'string' ? 'a string' : 'a number'
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value)
}

export function isMap(value: Value): value is ReadonlyMap<string, Value> {
  return value instanceof Map
}

/** A conversion that cannot be made; the caller knows the place. */
export class ConversionError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ConversionError'
  }
}

/** Terraform turns numbers and truth values into text where text is wanted; nothing else. */
export function toText(value: Value): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return formatNumber(value)
  throw new ConversionError(`a string is needed here, not ${describeType(value)}`)
}

export function toNumber(value: Value): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string' && /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)) {
    const number = Number(value)
    if (Number.isFinite(number)) return number
  }
  if (typeof value === 'string')
    throw new ConversionError(`a number is needed here, not the text ${quote(value)}`)
  throw new ConversionError(`a number is needed here, not ${describeType(value)}`)
}

export function toBool(value: Value): boolean {
  if (typeof value === 'boolean') return value
  if (value === 'true') return true
  if (value === 'false') return false
  throw new ConversionError(
    `true or false is needed here, not ${typeof value === 'string' ? quote(value) : describeType(value)}`,
  )
}

export function toList(value: Value): readonly Value[] {
  if (isList(value)) return value
  throw new ConversionError(`a list is needed here, not ${describeType(value)}`)
}

export function toMap(value: Value): ReadonlyMap<string, Value> {
  if (isMap(value)) return value
  throw new ConversionError(`a map is needed here, not ${describeType(value)}`)
}

/** Without exponents: `1e6` in a template is the text 1000000. */
export function formatNumber(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : String(value)
}

/** Values of different types are never equal: `1 == "1"` is false in Terraform. */
export function isEqual(left: Value, right: Value): boolean {
  if (left === right) return true
  if (isList(left) && isList(right)) {
    return left.length === right.length && left.every((item, index) => isEqual(item, right[index] ?? null))
  }
  if (isMap(left) && isMap(right)) {
    return (
      left.size === right.size &&
      [...left].every(([key, item]) => right.has(key) && isEqual(item, right.get(key) ?? null))
    )
  }
  return false
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** What a person takes for one character, which is what Terraform counts. */
export function charactersOf(text: string): string[] {
  if (/^[ -~\t\n]*$/.test(text)) return text.split('')
  return [...segmenter.segment(text)].map(({ segment }) => segment)
}

/** Short enough for a message, whatever a template holds. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}

/** Plain JSON data; object keys in order, as Terraform's jsonencode has them. */
export function toJson(value: Value): unknown {
  if (isList(value)) return value.map(toJson)
  if (!isMap(value)) return value
  const entries = [...value]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, toJson(item)] as const)
  return Object.fromEntries(entries)
}

export function fromJson(data: unknown): Value {
  if (data === null || typeof data === 'string' || typeof data === 'number' || typeof data === 'boolean')
    return data
  if (Array.isArray(data)) return data.map(fromJson)
  return new Map(Object.entries(data as object).map(([key, item]) => [key, fromJson(item)]))
}
