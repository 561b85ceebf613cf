/**
 * MCP servers that an administrator configures, and the values of headers that every user owns. The shape is that of
 * the June 2026 API ("per-user custom_headers"); deployments before it lack the user keys, ones after it have another
 * path and an organization, so all of that is optional in answers.
 */
import { z } from 'zod'
import { isWebAddress } from './mcp-server-rules.ts'
import { defineRoute } from './route.ts'
import {
  answer,
  count,
  datetime,
  failedRule,
  flag,
  list,
  map,
  openEnum,
  optionalTime,
  text,
  uuid,
} from './shape.ts'

export const mcpTransports = ['streamable_http', 'sse'] as const
export const mcpAuthTypes = ['none', 'oauth2', 'api_key', 'custom_headers', 'user_oidc'] as const
export const mcpAvailabilities = ['force_on', 'default_on', 'default_off'] as const
export type McpAuthType = (typeof mcpAuthTypes)[number]

export const mcpServerConfigSchema = answer({
  id: uuid,
  display_name: text,
  slug: z.string(),
  description: text,
  icon_url: text,
  /** Empty for members. */
  transport: openEnum([...mcpTransports, '']).default(''),
  /** Empty for members. */
  url: text,
  auth_type: openEnum(mcpAuthTypes),
  oauth2_client_id: z.string().optional(),
  has_oauth2_secret: flag,
  oauth2_auth_url: z.string().optional(),
  oauth2_token_url: z.string().optional(),
  oauth2_scopes: z.string().optional(),
  api_key_header: z.string().optional(),
  has_api_key: flag,
  has_custom_headers: flag,
  /** Names of the headers whose values belong to each user, in the administrator's spelling. */
  custom_headers_user_keys: list(z.string()),
  custom_headers_user_key_descriptions: map(z.string()),
  tool_allow_list: list(z.string()),
  tool_deny_list: list(z.string()),
  availability: openEnum(mcpAvailabilities).default('default_off'),
  enabled: flag,
  model_intent: flag,
  allow_in_plan_mode: flag,
  forward_coder_headers: flag,
  created_at: optionalTime,
  updated_at: optionalTime,
  /** Whether the caller has what the server wants of them. List and get compute it; create and update answer false. */
  auth_connected: flag,
})
export type MCPServerConfig = z.output<typeof mcpServerConfigSchema>

const trimmed = z.string().transform((value) => value.trim())
const required = trimmed.pipe(z.string().min(1, { error: failedRule('required') }))
const oneOf = <const T extends readonly [string, ...string[]]>(words: T) =>
  trimmed.pipe(z.enum(words, { error: failedRule('oneof') }))
const webAddress = trimmed.pipe(z.string().refine(isWebAddress, { error: failedRule('url') }))
const optionalAddress = trimmed.pipe(
  z.string().refine((value) => value === '' || isWebAddress(value), { error: failedRule('url') }),
)

/** What create and update have in common: every field may be absent, which an update reads as unchanged. */
const settings = {
  description: trimmed.optional(),
  icon_url: trimmed.optional(),
  oauth2_client_id: trimmed.optional(),
  oauth2_client_secret: trimmed.optional(),
  oauth2_auth_url: optionalAddress.optional(),
  oauth2_token_url: optionalAddress.optional(),
  oauth2_scopes: trimmed.optional(),
  api_key_header: trimmed.optional(),
  api_key_value: trimmed.optional(),
  custom_headers: z.record(z.string(), z.string()).optional(),
  custom_headers_user_keys: z.array(z.string()).optional(),
  custom_headers_user_key_descriptions: z.record(z.string(), z.string()).optional(),
  tool_allow_list: z.array(z.string()).optional(),
  tool_deny_list: z.array(z.string()).optional(),
  enabled: z.boolean().optional(),
  model_intent: z.boolean().optional(),
  allow_in_plan_mode: z.boolean().optional(),
  forward_coder_headers: z.boolean().optional(),
}

export const createMcpServerConfigRequestSchema = z.object({
  ...settings,
  display_name: required,
  slug: required,
  transport: oneOf(mcpTransports),
  url: webAddress,
  auth_type: oneOf(mcpAuthTypes),
  availability: oneOf(mcpAvailabilities),
})
export type CreateMCPServerConfigRequest = z.output<typeof createMcpServerConfigRequestSchema>

export const updateMcpServerConfigRequestSchema = z.object({
  ...settings,
  display_name: required.optional(),
  slug: required.optional(),
  transport: oneOf(mcpTransports).optional(),
  url: webAddress.optional(),
  auth_type: oneOf(mcpAuthTypes).optional(),
  availability: oneOf(mcpAvailabilities).optional(),
})
export type UpdateMCPServerConfigRequest = z.output<typeof updateMcpServerConfigRequestSchema>

export const mcpServerUserHeaderValuesSchema = answer({
  mcp_server_config_id: uuid,
  /** Per declared key, in the administrator's spelling: whether the caller has stored a value. Never the value. */
  has_values: map(z.boolean()),
})
export type MCPServerUserHeaderValues = z.output<typeof mcpServerUserHeaderValuesSchema>

export const updateMcpServerUserHeaderValuesRequestSchema = z.object({
  /** A blank value clears its key; a key that is absent keeps its value. */
  values: z.record(z.string(), z.string(), { error: failedRule('required') }),
})

/** Ours: what an administrator ought to know before a change of the key set clears values. */
export const mcpServerUserHeaderUseSchema = answer({ mcp_server_config_id: uuid, user_count: count })

/** Ours: a one-time link that signs its user in to one MCP server, in a browser without a session. */
export const mcpSignInLinkSchema = answer({ url: z.url(), expires_at: datetime })

const server = '/api/experimental/mcp/servers/{mcpserver}'

export const mcpServersRoutes = {
  /** Administrators see all in full, everybody else the enabled ones, redacted. */
  list: defineRoute({
    method: 'GET',
    path: '/api/experimental/mcp/servers',
    auth: 'user',
    status: 200,
    answer: list(mcpServerConfigSchema),
    errors: [401],
  }),
  create: defineRoute({
    method: 'POST',
    path: '/api/experimental/mcp/servers',
    auth: 'user',
    body: createMcpServerConfigRequestSchema,
    status: 201,
    answer: mcpServerConfigSchema,
    errors: [400, 401, 403, 409],
  }),
  get: defineRoute({
    method: 'GET',
    path: server,
    auth: 'user',
    status: 200,
    answer: mcpServerConfigSchema,
    errors: [400, 401, 404],
  }),
  update: defineRoute({
    method: 'PATCH',
    path: server,
    auth: 'user',
    body: updateMcpServerConfigRequestSchema,
    status: 200,
    answer: mcpServerConfigSchema,
    errors: [400, 401, 403, 404, 409],
  }),
  delete: defineRoute({
    method: 'DELETE',
    path: server,
    auth: 'user',
    status: 204,
    errors: [400, 401, 403, 404],
  }),
  getUserHeaders: defineRoute({
    method: 'GET',
    path: `${server}/user-headers`,
    auth: 'user',
    status: 200,
    answer: mcpServerUserHeaderValuesSchema,
    errors: [400, 401, 404],
  }),
  putUserHeaders: defineRoute({
    method: 'PUT',
    path: `${server}/user-headers`,
    auth: 'user',
    body: updateMcpServerUserHeaderValuesRequestSchema,
    status: 200,
    answer: mcpServerUserHeaderValuesSchema,
    errors: [400, 401, 404],
  }),
  deleteUserHeaders: defineRoute({
    method: 'DELETE',
    path: `${server}/user-headers`,
    auth: 'user',
    status: 204,
    errors: [400, 401, 404],
  }),
  /** Ours, listed as the feature `mcp-user-header-use`: how many users have values stored. Administrators only. */
  userHeaderUse: defineRoute({
    method: 'GET',
    path: `${server}/user-headers/use`,
    auth: 'user',
    status: 200,
    answer: mcpServerUserHeaderUseSchema,
    errors: [400, 401, 403, 404],
  }),
  /** Answers 307 to the provider's page, with state and PKCE verifier in cookies of the callback's path. */
  oauth2Connect: defineRoute({
    method: 'GET',
    path: `${server}/oauth2/connect`,
    auth: 'user',
    status: 307,
    errors: [400, 401, 404],
  }),
  /** Ours, listed as the feature `mcp-sign-in-link`. 409 where the server is not of the caller's machine. */
  oauth2Link: defineRoute({
    method: 'POST',
    path: `${server}/oauth2/link`,
    auth: 'user',
    permission: { resource: 'mcp_server_config', actions: ['read'] },
    status: 201,
    answer: mcpSignInLinkSchema,
    errors: [400, 401, 404, 409],
  }),
  /**
   * Where the provider sends the browser back to: an HTML page that tells its opener and closes. The caller is signed
   * in, or holds what the page of a one-time link gave them.
   */
  oauth2Callback: defineRoute({
    method: 'GET',
    path: `${server}/oauth2/callback`,
    auth: 'none',
    query: z.object({
      code: z.string().optional(),
      state: z.string().optional(),
      error: z.string().optional(),
      error_description: z.string().optional(),
    }),
    status: 200,
    errors: [400, 401, 404, 502],
  }),
  oauth2Disconnect: defineRoute({
    method: 'DELETE',
    path: `${server}/oauth2/disconnect`,
    auth: 'user',
    status: 204,
    errors: [400, 401, 404],
  }),
} as const

const ofOrganization = '/api/experimental/organizations/{organization}/mcp-servers'

/**
 * Where newer deployments keep the same configurations (agents-api 3, "Only A"); nothing of users' headers is there. The
 * callback and the disconnect of a sign-in are where they were.
 */
export const organizationMcpServersRoutes = {
  list: defineRoute({
    method: 'GET',
    path: ofOrganization,
    auth: 'user',
    status: 200,
    answer: list(mcpServerConfigSchema),
    errors: [401, 403, 404],
  }),
  get: defineRoute({
    method: 'GET',
    path: `${ofOrganization}/{mcpserver}`,
    auth: 'user',
    status: 200,
    answer: mcpServerConfigSchema,
    errors: [400, 401, 403, 404],
  }),
  oauth2Connect: defineRoute({
    method: 'GET',
    path: `${ofOrganization}/{mcpserver}/oauth2/connect`,
    auth: 'user',
    status: 307,
    errors: [400, 401, 403, 404],
  }),
} as const
