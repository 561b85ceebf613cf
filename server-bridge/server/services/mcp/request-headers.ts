import { canonical } from '../../../contract/mcp-header-names.ts'
import type { SecretBox } from '../secret-box.ts'
import type { McpOAuth2Tokens } from './oauth2-tokens.ts'
import { userKeysOf } from './server-row.ts'
import { type McpServerRow, openServerSecrets } from './server-secrets.ts'
import type { McpUserHeaders } from './user-headers.ts'

/** Who a request to an MCP server is made for. */
export interface McpRequestOrigin {
  readonly ownerId: string
  readonly chatId: string
  /** Of a sub-agent's chat: the chat it works for. */
  readonly parentChatId?: string | undefined
  readonly workspaceId?: string | undefined
}

/** The headers to send, or why the server is not to be connected: the chat goes on without it. */
export type McpRequestHeaders =
  | { readonly ok: true; readonly headers: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly reason: string }

export interface McpRequestHeadersDeps {
  readonly box: SecretBox
  readonly userHeaders: McpUserHeaders
  readonly tokens: Pick<McpOAuth2Tokens, 'live'>
}

/** Assembles what one server gets in one chat: exactly one kind of credential, then who is asking where that is wanted. */
export function createMcpRequestHeaders(deps: McpRequestHeadersDeps) {
  return async (server: McpServerRow, origin: McpRequestOrigin): Promise<McpRequestHeaders> => {
    const credentials = await credentialsOf(deps, server, origin.ownerId)
    if (!credentials.ok || server.forward_coder_headers !== 1) return credentials
    const taken = new Set(Object.keys(credentials.headers).map(canonical))
    const identity = Object.entries(identityOf(origin)).filter(([name]) => !taken.has(canonical(name)))
    return { ok: true, headers: { ...credentials.headers, ...Object.fromEntries(identity) } }
  }
}

async function credentialsOf(
  deps: McpRequestHeadersDeps,
  server: McpServerRow,
  ownerId: string,
): Promise<McpRequestHeaders> {
  switch (server.auth_type) {
    case 'api_key': {
      const { apiKeyValue } = openServerSecrets(deps.box, server)
      return { ok: true, headers: { [server.api_key_header]: toFieldValue(apiKeyValue) } }
    }
    case 'oauth2': {
      const token = await deps.tokens.live(server, ownerId)
      if (token === undefined)
        return { ok: false, reason: `${server.display_name} needs you to sign in: connect it first.` }
      return { ok: true, headers: { Authorization: `Bearer ${token}` } }
    }
    case 'custom_headers':
      return customHeadersOf(deps, server, ownerId)
    case 'user_oidc':
      return {
        ok: false,
        reason: `${server.display_name} wants the token of an OpenID sign-in, which this deployment does not have.`,
      }
    default:
      return { ok: true, headers: {} }
  }
}

function customHeadersOf(
  { box, userHeaders }: McpRequestHeadersDeps,
  server: McpServerRow,
  ownerId: string,
): McpRequestHeaders {
  const { keys } = userKeysOf(server)
  const values = userHeaders.valuesOf(server, ownerId)
  const missing = keys.filter((key) => (values.get(canonical(key)) ?? '').trim() === '')
  if (missing.length > 0)
    return { ok: false, reason: `${server.display_name} needs your value for ${missing.join(', ')}.` }
  const own = Object.entries(openServerSecrets(box, server).customHeaders)
  const ofUser = keys.map((key): [string, string] => [key, values.get(canonical(key)) ?? ''])
  return {
    ok: true,
    headers: Object.fromEntries([...own, ...ofUser].map(([name, value]) => [name, toFieldValue(value)])),
  }
}

/** Coder's names (agents-api 13). */
function identityOf({
  ownerId,
  chatId,
  parentChatId,
  workspaceId,
}: McpRequestOrigin): Record<string, string> {
  return {
    'X-Coder-Owner-Id': ownerId,
    'X-Coder-Chat-Id': parentChatId ?? chatId,
    ...(parentChatId === undefined ? {} : { 'X-Coder-Subchat-Id': chatId }),
    ...(workspaceId === undefined ? {} : { 'X-Coder-Workspace-Id': workspaceId }),
  }
}

/** HTTP clients take a field value byte by byte: each character of UTF-8 beyond ASCII becomes its bytes. */
function toFieldValue(value: string): string {
  return Buffer.from(value.trim(), 'utf8').toString('latin1')
}
