import { ApiError } from '../api-error.ts'

/** The terms of a search, by key; a key given several times has several values. */
export type SearchTerms = ReadonlyMap<string, readonly string[]>

/** The 400 about one key of a search. */
export function refuseTerm(field: string, detail: string): ApiError {
  return new ApiError(400, {
    message: 'Invalid search query.',
    validations: [{ field, detail }],
  })
}

/** Splits at spaces that are not inside quotes; the quotes stay for now. */
function splitTerms(query: string): string[] {
  return query.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []
}

/** Colons outside quotes. */
function splitAtColons(term: string): string[] {
  return term.match(/(?:[^:"]|"[^"]*"?)+|:/g)?.filter((part) => part !== ':') ?? []
}

const countColons = (term: string): number => term.replaceAll(/"[^"]*"?/g, '').split(':').length - 1

const unquote = (value: string): string => value.replaceAll('"', '')

/**
 * Reads Coder's search syntax: `key:value` terms, quotes around what holds spaces or colons, everything in lower case.
 * Words without a key are joined into one value of `defaultKey`.
 *
 * @throws {ApiError} 400 with the validation a search field shows.
 */
export function parseSearchQuery(query: string, defaultKey: string, keys: ReadonlySet<string>): SearchTerms {
  const terms = new Map<string, string[]>()
  const add = (key: string, value: string): void => {
    terms.set(key, [...(terms.get(key) ?? []), value])
  }
  const words: string[] = []
  for (const term of splitTerms(query.toLowerCase())) {
    const colons = countColons(term)
    if (colons === 0) {
      words.push(unquote(term))
      continue
    }
    if (colons > 1) throw refuseTerm('q', `Query element "${term}" can only contain 1 ':'`)
    const [key, value] = splitAtColons(term)
    if (term.startsWith(':') || term.endsWith(':') || key === undefined || value === undefined) {
      throw refuseTerm('q', `Query element "${term}" cannot start or end with ':'`)
    }
    if (!keys.has(key)) throw refuseTerm(key, `"${key}" is not a valid query param`)
    add(key, unquote(value))
  }
  if (words.length > 0) add(defaultKey, words.join(' '))
  return terms
}

/** The single value of a key. @throws {ApiError} when it was given twice. */
export function singleTerm(terms: SearchTerms, key: string): string | undefined {
  const values = terms.get(key) ?? []
  if (values.length > 1) throw refuseTerm(key, `Query param "${key}" provided more than once`)
  return values[0]
}

/** A yes-or-no term. @throws {ApiError} for any other word. */
export function booleanTerm(terms: SearchTerms, key: string): boolean | undefined {
  const value = singleTerm(terms, key)
  if (value === undefined) return undefined
  if (['true', '1', 't'].includes(value)) return true
  if (['false', '0', 'f'].includes(value)) return false
  throw refuseTerm(key, `Query param "${key}" must be a valid boolean: "${value}"`)
}

/** A moment. @throws {ApiError} unless it is RFC 3339. */
export function timeTerm(terms: SearchTerms, key: string): number | undefined {
  const value = singleTerm(terms, key)
  if (value === undefined) return undefined
  const time = Date.parse(value.toUpperCase())
  if (Number.isNaN(time))
    throw refuseTerm(key, `Query param "${key}" must be a valid date format: "${value}"`)
  return time
}

/** All values of a key, commas being a second way to give several. */
export function listTerm(terms: SearchTerms, key: string): string[] | undefined {
  return terms
    .get(key)
    ?.flatMap((value) => value.split(','))
    .map((value) => value.trim())
}

/** Values that must be among the known ones. @throws {ApiError} naming the first that is not. */
export function enumTerm(terms: SearchTerms, key: string, known: readonly string[]): string[] | undefined {
  const values = listTerm(terms, key)
  const unknown = values?.find((value) => !known.includes(value))
  if (unknown !== undefined) {
    throw refuseTerm(key, `Query param "${key}" has invalid value: "${unknown}" is not a valid value`)
  }
  return values
}
