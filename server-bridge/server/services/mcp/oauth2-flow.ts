import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { badRequest } from '../../api-error.ts'
import type { McpServerRow } from './server-secrets.ts'

const STATE_COOKIE = 'mcp_oauth2_state'
const VERIFIER_COOKIE = 'mcp_oauth2_verifier'
/** How long a person may take at the provider. */
export const signInSeconds = 600

export interface OAuth2Start {
  /** The provider's page. */
  readonly location: string
  /** `Set-Cookie` values. */
  readonly cookies: readonly string[]
}

/** Where a provider sends the browser back to. */
export function callbackUrl(accessUrl: string, serverId: string): string {
  return `${accessUrl}/api/experimental/mcp/servers/${serverId}/oauth2/callback`
}

/** Begins a sign-in with PKCE S256 (RFC 7636). @throws {ApiError} 400 unless the server signs in by OAuth2. */
export function startOAuth2(server: McpServerRow, accessUrl: string): OAuth2Start {
  requireOAuth2(server)
  const state = randomBytes(32).toString('base64url')
  const verifier = randomBytes(32).toString('base64url')
  const url = new URL(server.oauth2_auth_url)
  const query = {
    response_type: 'code',
    client_id: server.oauth2_client_id,
    redirect_uri: callbackUrl(accessUrl, server.id),
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    resource: server.url,
    ...(server.oauth2_scopes === '' ? {} : { scope: server.oauth2_scopes }),
  }
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value)
  const cookie = cookieWriter(accessUrl, server.id, signInSeconds)
  return { location: url.href, cookies: [cookie(STATE_COOKIE, state), cookie(VERIFIER_COOKIE, verifier)] }
}

/** `Set-Cookie` values that end a sign-in. */
export function clearedCookies(accessUrl: string, serverId: string): string[] {
  const cookie = cookieWriter(accessUrl, serverId, 0)
  return [cookie(STATE_COOKIE, ''), cookie(VERIFIER_COOKIE, '')]
}

export interface CallbackQuery {
  readonly code?: string | undefined
  readonly state?: string | undefined
  readonly error?: string | undefined
  readonly error_description?: string | undefined
}

/** What the provider sent back, checked against the cookies. @throws {ApiError} 400 */
export function readCallback(
  server: McpServerRow,
  query: CallbackQuery,
  cookieHeader: string,
): { readonly code: string; readonly verifier: string } {
  requireOAuth2(server)
  const cookies = readCookies(cookieHeader)
  const state = cookies.get(STATE_COOKIE)
  const verifier = cookies.get(VERIFIER_COOKIE)
  if (state === undefined || query.state === undefined || !isSame(state, query.state))
    throw badRequest('The sign-in was not begun in this browser, or too long ago. Connect again.')
  if (query.error !== undefined)
    throw badRequest('The provider refused the sign-in.', query.error_description ?? query.error)
  if (query.code === undefined || verifier === undefined)
    throw badRequest('The provider sent no code. Connect again.')
  return { code: query.code, verifier }
}

/** @throws {ApiError} 400 for one that is switched off or signs in otherwise. */
export function requireOAuth2(server: McpServerRow): void {
  if (server.enabled !== 1) throw badRequest('This MCP server is disabled.')
  if (server.auth_type !== 'oauth2') throw badRequest('This MCP server does not use OAuth2.')
}

function cookieWriter(accessUrl: string, serverId: string, seconds: number) {
  const { pathname } = new URL(callbackUrl(accessUrl, serverId))
  const secure = accessUrl.startsWith('https:') ? '; Secure' : ''
  return (name: string, value: string): string =>
    `${name}=${value}; Path=${pathname}; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure}`
}

function readCookies(header: string): Map<string, string> {
  return new Map(
    header.split(';').map((pair): [string, string] => {
      const [name = '', ...value] = pair.trim().split('=')
      return [name, value.join('=')]
    }),
  )
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.byteLength === right.byteLength && timingSafeEqual(left, right)
}
