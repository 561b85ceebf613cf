/** What a draft asks of the deployment: what is sent, and whether it may be. */
import { kept, type McpServerProblem, serverProblems } from '#bridge/contract/mcp-server-rules'
import type { MCPServerConfig } from '#bridge/contract/mcp-servers'
import type { McpServerChanges, NewMcpServer } from '#ipc/mcp-server-admin'
import { draftOf, type ServerDraft, type TypedSecrets } from './server-draft.ts'

const trimmedFields = ['display_name', 'slug', 'description', 'icon_url', 'url'] as const
const plainFields = [
  'transport',
  'auth_type',
  'availability',
  'enabled',
  'model_intent',
  'allow_in_plan_mode',
  'forward_coder_headers',
  'tool_allow_list',
  'tool_deny_list',
] as const
const providerFields = ['oauth2_client_id', 'oauth2_auth_url', 'oauth2_token_url'] as const

/** A new server. Fields of sign-ins that were not chosen stay behind. */
export function newServer(draft: ServerDraft, secrets: TypedSecrets): NewMcpServer {
  const server: object = { ...trimmedOf(draft), ...pick(draft, plainFields), ...signInOf(draft, secrets) }
  // The choices of the form are words of the contract, which main checks once more.
  return server as NewMcpServer
}

/** What differs from the server as it is; empty when nothing does. */
export function changesOf(
  config: MCPServerConfig,
  draft: ServerDraft,
  secrets: TypedSecrets,
): McpServerChanges {
  const before = draftOf(config)
  const plain = differing(
    { ...trimmedOf(before), ...pick(before, plainFields) },
    { ...trimmedOf(draft), ...pick(draft, plainFields) },
  )
  // Another type begins without anything of the old one, so all of it is sent.
  if (draft.auth_type !== before.auth_type) return { ...plain, ...signInOf(draft, secrets) }
  return {
    ...plain,
    ...differing(
      signInOf(before, { ...secrets, clientSecret: undefined, apiKey: undefined }),
      signInOf(draft, secrets),
    ),
  }
}

/** Everything that keeps a draft from being sent. */
export function draftProblems(
  draft: ServerDraft,
  secrets: TypedSecrets,
  config: MCPServerConfig | undefined,
): McpServerProblem[] {
  const isSameType = config?.auth_type === draft.auth_type
  const isCustom = draft.auth_type === 'custom_headers'
  const isManual = draft.auth_type === 'oauth2' && !draft.discovers
  const provider = (field: (typeof providerFields)[number]): string => (isManual ? draft[field] : '')
  const problems = serverProblems({
    display_name: draft.display_name,
    slug: draft.slug,
    url: draft.url,
    auth_type: draft.auth_type,
    oauth2_client_id: provider('oauth2_client_id'),
    oauth2_auth_url: provider('oauth2_auth_url'),
    oauth2_token_url: provider('oauth2_token_url'),
    api_key_header: draft.api_key_header,
    api_key_value: secrets.apiKey ?? (isSameType && config.has_api_key ? kept : ''),
    custom_headers: keepsHeaders(draft, config) ? kept : headerEntries(draft, secrets),
    custom_headers_user_keys: isCustom ? draft.user_keys.map(({ name }) => name) : [],
    custom_headers_user_key_descriptions: [],
  })
  // Nothing of the provider is typed: here it means that all three are missing, and not that they are to be found.
  if (isManual && providerFields.every((field) => draft[field].trim() === ''))
    return [
      ...problems,
      ...providerFields.map((field) => ({ field, detail: 'Type it, or let it be found.' })),
    ]
  return problems
}

/** Whether headers that nobody can read stay as they are. */
export function keepsHeaders(draft: ServerDraft, config: MCPServerConfig | undefined): boolean {
  return draft.keeps_headers && config?.has_custom_headers === true && draft.auth_type === config.auth_type
}

function signInOf(draft: ServerDraft, secrets: TypedSecrets): McpServerChanges {
  switch (draft.auth_type) {
    case 'oauth2':
      return {
        ...providerOf(draft),
        oauth2_scopes: draft.oauth2_scopes.trim(),
        // A secret belongs to the client that was typed; one that is found brings its own.
        ...(secrets.clientSecret === undefined || draft.discovers
          ? {}
          : { oauth2_client_secret: secrets.clientSecret.trim() }),
      }
    case 'api_key':
      return {
        api_key_header: draft.api_key_header.trim(),
        ...(secrets.apiKey === undefined ? {} : { api_key_value: secrets.apiKey.trim() }),
      }
    case 'custom_headers':
      return {
        ...(draft.keeps_headers ? {} : { custom_headers: Object.fromEntries(headerEntries(draft, secrets)) }),
        custom_headers_user_keys: draft.user_keys.map(({ name }) => name.trim()),
        custom_headers_user_key_descriptions: descriptionsOf(draft),
      }
    default:
      return {}
  }
}

function providerOf(draft: ServerDraft): Record<string, string> {
  return Object.fromEntries(
    providerFields.map((field) => [field, draft.discovers ? '' : draft[field].trim()]),
  )
}

function descriptionsOf({ user_keys: rows }: ServerDraft): Record<string, string> {
  const entries = rows.map(({ name, description }): [string, string] => [name.trim(), description.trim()])
  return Object.fromEntries(entries.filter(([, description]) => description !== ''))
}

function headerEntries(draft: ServerDraft, secrets: TypedSecrets): [string, string][] {
  return draft.custom_headers.map(({ id, name }) => [name.trim(), secrets.headerValues[id] ?? ''])
}

function trimmedOf(draft: ServerDraft): Record<(typeof trimmedFields)[number], string> {
  const entries = trimmedFields.map((field) => [field, draft[field].trim()])
  return Object.fromEntries(entries) as Record<(typeof trimmedFields)[number], string>
}

function pick<K extends keyof ServerDraft>(draft: ServerDraft, fields: readonly K[]): Pick<ServerDraft, K> {
  return Object.fromEntries(fields.map((field) => [field, draft[field]])) as Pick<ServerDraft, K>
}

function differing(before: object, after: object): Record<string, unknown> {
  const was = new Map<string, unknown>(Object.entries(before))
  return Object.fromEntries(Object.entries(after).filter(([field, value]) => !isSame(was.get(field), value)))
}

/** Both are plain data of a form; the order of a map's keys does not count. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a, inOrder) === JSON.stringify(b, inOrder)
}

function inOrder(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
