/**
 * When the configuration of an MCP server is valid (mcp-user-headers, "Admin endpoints"). Pure and without a schema
 * library: the form checks with it while somebody types, the local deployment with the same before it stores.
 */
import { canonical, headerNameProblem, UNSAFE_VALUE } from './mcp-header-names.ts'

/** The wire's name of the field that a problem belongs to. */
export type McpServerField =
  | 'display_name'
  | 'slug'
  | 'url'
  | 'oauth2_client_id'
  | 'oauth2_auth_url'
  | 'oauth2_token_url'
  | 'api_key_header'
  | 'api_key_value'
  | 'custom_headers'
  | 'custom_headers_user_keys'
  | 'custom_headers_user_key_descriptions'

export interface McpServerProblem {
  readonly field: McpServerField
  /** Which entry of a list; absent when it is about the field as a whole. */
  readonly index?: number
  /** One sentence. Names headers, never a value. */
  readonly detail: string
}

/** A header's name with its value or its description. A list, since a form may hold a name twice and a map cannot. */
export type HeaderEntry = readonly [name: string, text: string]

/** A secret that is stored and stays: it is there, and nobody who asks knows more. */
export const kept = Symbol('kept')

/** How a server signs in, as it would be after a write. */
export interface McpAuthState {
  readonly auth_type: string
  readonly oauth2_client_id: string
  readonly oauth2_auth_url: string
  readonly oauth2_token_url: string
  readonly api_key_header: string
  readonly api_key_value: string | typeof kept
  /** The administrator's own headers. When they are kept their names are unknown, too. */
  readonly custom_headers: readonly HeaderEntry[] | typeof kept
  readonly custom_headers_user_keys: readonly string[]
  readonly custom_headers_user_key_descriptions: readonly HeaderEntry[]
}

export interface McpServerState extends McpAuthState {
  readonly display_name: string
  readonly slug: string
  readonly url: string
}

/** Everything that is wrong with a configuration; empty when it can be stored. */
export function serverProblems(state: McpServerState): McpServerProblem[] {
  const problems: McpServerProblem[] = []
  if (state.display_name.trim() === '')
    problems.push({ field: 'display_name', detail: 'A server needs a name.' })
  if (state.slug.trim() === '') problems.push({ field: 'slug', detail: 'A server needs a slug.' })
  if (!isWebAddress(state.url.trim())) problems.push({ field: 'url', detail: notAnAddress })
  return [...problems, ...authProblems(state)]
}

/** What is wrong with how a server signs in. */
export function authProblems(state: McpAuthState): McpServerProblem[] {
  switch (state.auth_type) {
    case 'oauth2':
      return [...strayKeyProblems(state), ...oauth2Problems(state)]
    case 'api_key':
      return [...strayKeyProblems(state), ...apiKeyProblems(state)]
    case 'custom_headers':
      return customHeaderProblems(state)
    default:
      return strayKeyProblems(state)
  }
}

const notAnAddress = 'This is not a web address. It starts with https:// or http:// and names a host.'

/** Whether the text is an http or https address with a host. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\/[^\s/?#]/i.test(text) && URL.canParse(text)
}

function oauth2Problems(state: McpAuthState): McpServerProblem[] {
  const fields = ['oauth2_client_id', 'oauth2_auth_url', 'oauth2_token_url'] as const
  const absent = fields.filter((field) => state[field].trim() === '')
  const problems: McpServerProblem[] = fields
    .slice(1)
    .filter((field) => state[field].trim() !== '' && !isWebAddress(state[field].trim()))
    .map((field) => ({ field, detail: notAnAddress }))
  if (absent.length === 0 || absent.length === fields.length) return problems
  const detail =
    'OAuth2 needs the client id, the authorization URL and the token URL; leave all three out to have them discovered.'
  return [...absent.map((field) => ({ field, detail })), ...problems]
}

function apiKeyProblems({ api_key_header: header, api_key_value: value }: McpAuthState): McpServerProblem[] {
  const problems: McpServerProblem[] = []
  const name = header.trim()
  const nameProblem = name === '' ? 'An API key needs the name of its header.' : headerNameProblem(name)
  if (nameProblem !== undefined) problems.push({ field: 'api_key_header', detail: nameProblem })
  if (value === kept) return problems
  if (value.trim() === '') problems.push({ field: 'api_key_value', detail: 'An API key needs its value.' })
  else if (UNSAFE_VALUE.test(value.trim()))
    problems.push({
      field: 'api_key_value',
      detail: 'The value has a line break or a NUL character in it.',
    })
  return problems
}

function customHeaderProblems(state: McpAuthState): McpServerProblem[] {
  const headers = state.custom_headers
  const keys = state.custom_headers_user_keys
  if (headers !== kept && headers.length === 0 && keys.length === 0)
    return [
      ...descriptionProblems(keys, state.custom_headers_user_key_descriptions),
      {
        field: 'custom_headers',
        detail: 'Custom headers need at least one header, of the administrator or of the users.',
      },
    ]
  const fixed = headers === kept ? [] : headers
  return [
    ...fixedHeaderProblems(fixed),
    ...userKeyProblems(
      keys,
      fixed.map(([name]) => name),
    ),
    ...descriptionProblems(keys, state.custom_headers_user_key_descriptions),
  ]
}

/** The administrator's headers: named, once each whatever their case, with values a request can carry. */
function fixedHeaderProblems(headers: readonly HeaderEntry[]): McpServerProblem[] {
  const seen = new Set<string>()
  return headers.flatMap(([name, value], index) => {
    const detail =
      nameProblem(name, seen, 'header') ??
      (UNSAFE_VALUE.test(value)
        ? `The value of ${JSON.stringify(name.trim())} has a line break or a NUL character in it.`
        : undefined)
    return detail === undefined ? [] : [{ field: 'custom_headers', index, detail } as const]
  })
}

/** Rules 1 to 3: not empty, once each whatever their case, and none that the administrator sets for all. */
function userKeyProblems(keys: readonly string[], fixed: readonly string[]): McpServerProblem[] {
  const taken = new Set(fixed.map(canonical))
  const seen = new Set<string>()
  return keys.flatMap((key, index) => {
    const detail =
      nameProblem(key, seen, 'user key') ??
      (taken.has(canonical(key))
        ? `${JSON.stringify(key.trim())} is a header of the administrator already: it cannot be a user key too.`
        : undefined)
    return detail === undefined ? [] : [{ field: 'custom_headers_user_keys', index, detail } as const]
  })
}

/** @param seen the names before it in its list; this one is added. */
function nameProblem(raw: string, seen: Set<string>, what: string): string | undefined {
  const name = raw.trim()
  if (name === '') return `A ${what} must not be empty.`
  const invalid = headerNameProblem(name)
  if (invalid !== undefined) return invalid
  if (seen.has(canonical(name)))
    return `The ${what} ${JSON.stringify(name)} is there twice; upper and lower case are the same.`
  seen.add(canonical(name))
  return undefined
}

/** Rule 5: each belongs to a user key, whatever its case, and to one that has none yet. */
function descriptionProblems(
  keys: readonly string[],
  descriptions: readonly HeaderEntry[],
): McpServerProblem[] {
  const known = new Set(keys.map(canonical))
  const described = new Set<string>()
  return descriptions.flatMap(([name]) => {
    const key = canonical(name)
    const detail = !known.has(key)
      ? `The description of ${JSON.stringify(name)} belongs to no user key.`
      : described.has(key)
        ? `${JSON.stringify(name)} is described twice.`
        : undefined
    described.add(key)
    return detail === undefined ? [] : [{ field: 'custom_headers_user_key_descriptions', detail } as const]
  })
}

function strayKeyProblems(state: McpAuthState): McpServerProblem[] {
  const detail = 'User keys belong to the auth type "custom_headers".'
  if (state.custom_headers_user_keys.length > 0) return [{ field: 'custom_headers_user_keys', detail }]
  if (state.custom_headers_user_key_descriptions.length > 0)
    return [{ field: 'custom_headers_user_key_descriptions', detail }]
  return []
}

/** Whether users' values stay: the order of the keys does not matter, their spelling does. */
export function isSameKeySet(a: readonly string[], b: readonly string[]): boolean {
  const known = new Set(b)
  return a.length === b.length && a.every((key) => known.has(key))
}
