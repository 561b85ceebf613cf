/** Reads what tools were asked and answered: values of any shape, of which nothing is certain. */

export type Fields = Readonly<Record<string, unknown>>

/** The fields of an object; of anything else none. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

export function textField(value: unknown, name: string): string | undefined {
  const field = fieldsOf(value)[name]
  return typeof field === 'string' && field !== '' ? field : undefined
}

export function numberField(value: unknown, name: string): number | undefined {
  const field = fieldsOf(value)[name]
  return typeof field === 'number' && Number.isFinite(field) ? field : undefined
}

export function isSet(value: unknown, name: string): boolean {
  return fieldsOf(value)[name] === true
}

/** The items of a list; of anything else none. */
export function listField(value: unknown, name: string): readonly unknown[] {
  const field = fieldsOf(value)[name]
  return Array.isArray(field) ? (field as unknown[]) : []
}

export function textsField(value: unknown, name: string): readonly string[] {
  return listField(value, name).filter((item) => typeof item === 'string')
}
