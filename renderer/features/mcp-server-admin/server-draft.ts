/** What an administrator has typed about an MCP server. Plain fields carry the names of the wire. */
import type { MCPServerConfig } from '#bridge/contract/mcp-servers'

/** The administrator's own header: its value is a secret and lies elsewhere, under the row's id. */
export interface FixedHeaderRow {
  readonly id: string
  readonly name: string
}

/** A header whose value belongs to each user. */
export interface UserKeyRow {
  readonly id: string
  readonly name: string
  readonly description: string
}

export interface ServerDraft {
  readonly display_name: string
  readonly slug: string
  /** The slug still follows the name. */
  readonly slug_follows: boolean
  readonly description: string
  readonly icon_url: string
  readonly transport: string
  readonly url: string
  readonly auth_type: string
  /** The provider is found by asking the server, instead of typed. */
  readonly discovers: boolean
  readonly oauth2_client_id: string
  readonly oauth2_auth_url: string
  readonly oauth2_token_url: string
  readonly oauth2_scopes: string
  readonly api_key_header: string
  /** The stored headers stay as they are; nobody can read them, so they are kept or replaced as a whole. */
  readonly keeps_headers: boolean
  readonly custom_headers: readonly FixedHeaderRow[]
  readonly user_keys: readonly UserKeyRow[]
  readonly tool_allow_list: readonly string[]
  readonly tool_deny_list: readonly string[]
  readonly availability: string
  readonly enabled: boolean
  readonly model_intent: boolean
  readonly allow_in_plan_mode: boolean
  readonly forward_coder_headers: boolean
}

/** Secrets that were typed now. In memory only, and never those that are stored. */
export interface TypedSecrets {
  /** Undefined: as stored. Empty: removed. */
  readonly clientSecret: string | undefined
  /** Undefined: as stored. */
  readonly apiKey: string | undefined
  /** By the id of a row. */
  readonly headerValues: Readonly<Record<string, string>>
}

export const noSecrets: TypedSecrets = { clientSecret: undefined, apiKey: undefined, headerValues: {} }

export const blankDraft: ServerDraft = {
  display_name: '',
  slug: '',
  slug_follows: true,
  description: '',
  icon_url: '',
  transport: 'streamable_http',
  url: '',
  auth_type: 'none',
  discovers: true,
  oauth2_client_id: '',
  oauth2_auth_url: '',
  oauth2_token_url: '',
  oauth2_scopes: '',
  api_key_header: '',
  keeps_headers: false,
  custom_headers: [],
  user_keys: [],
  tool_allow_list: [],
  tool_deny_list: [],
  availability: 'default_on',
  enabled: true,
  model_intent: false,
  allow_in_plan_mode: false,
  forward_coder_headers: false,
}

/** The draft that changes nothing of a server. */
export function draftOf(config: MCPServerConfig): ServerDraft {
  const provider = {
    oauth2_client_id: config.oauth2_client_id ?? '',
    oauth2_auth_url: config.oauth2_auth_url ?? '',
    oauth2_token_url: config.oauth2_token_url ?? '',
  }
  // A header may be called like a part of every object, such as `constructor`.
  const descriptions = new Map(Object.entries(config.custom_headers_user_key_descriptions))
  return {
    display_name: config.display_name,
    slug: config.slug,
    slug_follows: false,
    description: config.description,
    icon_url: config.icon_url,
    transport: config.transport,
    url: config.url,
    auth_type: config.auth_type,
    discovers: Object.values(provider).every((value) => value === ''),
    ...provider,
    oauth2_scopes: config.oauth2_scopes ?? '',
    api_key_header: config.api_key_header ?? '',
    keeps_headers: config.has_custom_headers,
    custom_headers: [],
    user_keys: config.custom_headers_user_keys.map((name) => ({
      id: `stored ${name}`,
      name,
      description: descriptions.get(name) ?? '',
    })),
    tool_allow_list: config.tool_allow_list,
    tool_deny_list: config.tool_deny_list,
    availability: config.availability,
    enabled: config.enabled,
    model_intent: config.model_intent,
    allow_in_plan_mode: config.allow_in_plan_mode,
    forward_coder_headers: config.forward_coder_headers,
  }
}

/** A slug made of a name: small letters, digits and single hyphens. */
export function slugOf(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
}

/** The draft after a change of some fields; a slug that nobody has touched follows the name. */
export function changeDraft(draft: ServerDraft, change: Partial<ServerDraft>): ServerDraft {
  const next = { ...draft, ...change }
  if (change.slug !== undefined) return { ...next, slug_follows: false }
  return next.slug_follows ? { ...next, slug: slugOf(next.display_name) } : next
}
