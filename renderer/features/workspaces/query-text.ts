/** Coder's query syntax, as far as the filter menus write it: space-separated `key:value`, quotes around spaces. */

function terms(query: string): readonly string[] {
  return query.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []
}

/** The value of a filter in the query, or `undefined` when it is not there. */
export function filterValue(query: string, key: string): string | undefined {
  const term = terms(query).find((candidate) => candidate.toLowerCase().startsWith(`${key}:`))
  return term?.slice(key.length + 1).replaceAll('"', '')
}

/** The query with the filter set to a value, or without it. Everything else the user typed stays. */
export function withFilter(query: string, key: string, value: string | undefined): string {
  const rest = terms(query).filter((term) => !term.toLowerCase().startsWith(`${key}:`))
  if (value === undefined) return rest.join(' ')
  const quoted = /[\s:]/.test(value) ? `"${value}"` : value
  return [`${key}:${quoted}`, ...rest].join(' ')
}
