import type { VariableValue } from '../../contract/template-versions.ts'

/** Stored values of a version's variables, as the provisioner takes them. */
export function toVariableValues(stored: string): Record<string, string> {
  const values = JSON.parse(stored) as VariableValue[]
  return Object.fromEntries(values.map(({ name, value }) => [name, value]))
}
