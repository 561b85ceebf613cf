import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { z } from 'zod'
import type { createMcpServerConfigRequestSchema } from '../contract/mcp-servers.ts'

type McpServerRequest = z.input<typeof createMcpServerConfigRequestSchema>

export interface OAuth2Provider {
  readonly url: string
  /** Requests as `METHOD path`, in order. */
  readonly seen: readonly string[]
  /** Bodies of the token endpoint, parsed. */
  readonly tokenRequests: readonly URLSearchParams[]
  /** Bodies of the registration endpoint, parsed. */
  readonly registrations: readonly unknown[]
  /** The token endpoint waits for it before it answers. */
  beforeToken: (() => Promise<void>) | undefined
  /** Paths that answer 404 instead. */
  readonly missing: Set<string>
  /** Seconds that tokens live; absent: without an end. */
  expiresIn: number | undefined
  /** What the token endpoint refuses with, instead of a token. */
  refusal: { readonly status: number; readonly body: object } | undefined
  /** Plays the user who agrees: answers where the provider would send the browser. */
  agree(location: string): URL
  close(): Promise<void>
}

/** An MCP server's metadata and its OAuth2 provider in one: RFC 9728, 8414, 7591, PKCE, refresh. */
export async function startOAuth2Provider(): Promise<OAuth2Provider> {
  const seen: string[] = []
  const tokenRequests: URLSearchParams[] = []
  const registrations: unknown[] = []
  const challenges = new Map<string, string>()
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', url).pathname
    seen.push(`${request.method} ${path}`)
    let body = ''
    for await (const part of request) body += String(part)
    if (path === '/token') await provider.beforeToken?.()
    if (path === '/register') registrations.push(JSON.parse(body))
    const [status, value] = provider.missing.has(path) ? [404, {}] : answerOf(path, body)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }

  function answerOf(path: string, body: string): [number, object] {
    if (path.startsWith('/.well-known/oauth-protected-resource'))
      return [
        200,
        { resource: `${url}/mcp`, authorization_servers: [`${url}/tenant`], scopes_supported: ['read'] },
      ]
    if (path.includes('/.well-known/'))
      return [
        200,
        {
          issuer: `${url}/tenant`,
          authorization_endpoint: `${url}/authorize`,
          token_endpoint: `${url}/token`,
          registration_endpoint: `${url}/register`,
        },
      ]
    if (path === '/register') return [201, { client_id: 'registered', client_secret: 'seeded-secret-client' }]
    if (path === '/token') return tokenOf(new URLSearchParams(body))
    return [404, {}]
  }

  function tokenOf(form: URLSearchParams): [number, object] {
    tokenRequests.push(form)
    if (provider.refusal) return [provider.refusal.status, provider.refusal.body]
    if (form.get('grant_type') === 'authorization_code') {
      const challenge = challenges.get(form.get('code') ?? '')
      const proof = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url')
      if (challenge !== proof) return [400, { error: 'invalid_grant' }]
    }
    return [
      200,
      {
        access_token: `seeded-secret-access-${tokenRequests.length}`,
        token_type: 'Bearer',
        refresh_token: 'seeded-secret-refresh',
        ...(provider.expiresIn === undefined ? {} : { expires_in: provider.expiresIn }),
      },
    ]
  }

  const provider: OAuth2Provider = {
    url,
    seen,
    tokenRequests,
    registrations,
    beforeToken: undefined,
    missing: new Set(),
    expiresIn: undefined,
    refusal: undefined,
    agree(location) {
      const { searchParams } = new URL(location)
      const code = randomUUID()
      challenges.set(code, searchParams.get('code_challenge') ?? '')
      const back = new URL(searchParams.get('redirect_uri') ?? '')
      back.searchParams.set('code', code)
      back.searchParams.set('state', searchParams.get('state') ?? '')
      return back
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return provider
}

/** What an administrator sends for an MCP server behind this provider; each has a slug of its own. */
export function serverBehind(
  provider: Pick<OAuth2Provider, 'url'>,
  more: Partial<McpServerRequest> = {},
): McpServerRequest {
  return {
    display_name: 'Tracker',
    slug: `tracker-${randomUUID().slice(0, 8)}`,
    transport: 'streamable_http',
    url: `${provider.url}/mcp`,
    auth_type: 'oauth2',
    availability: 'default_on',
    enabled: true,
    ...more,
  }
}
