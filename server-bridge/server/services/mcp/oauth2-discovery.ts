import { z } from 'zod'
import { ApiError } from '../../api-error.ts'
import { askProvider, type ProviderFetch } from './oauth2-fetch.ts'

/** What discovery and registration found out. */
export interface DiscoveredOAuth2 {
  readonly clientId: string
  readonly clientSecret: string
  readonly authUrl: string
  readonly tokenUrl: string
  readonly scopes: string
}

const address = z.url({ protocol: /^https?$/ })
/** RFC 9728, 2. */
const resourceSchema = z.object({
  authorization_servers: z.array(address).min(1),
  scopes_supported: z.array(z.string()).nullish(),
})
/** RFC 8414, 2, and OpenID Connect Discovery. */
const serverSchema = z.object({
  authorization_endpoint: address,
  token_endpoint: address,
  registration_endpoint: address,
  token_endpoint_auth_methods_supported: z.array(z.string()).nullish(),
})
/** RFC 7591, 3.2.1. */
const clientSchema = z.object({ client_id: z.string().min(1), client_secret: z.string().nullish() })

/**
 * Finds the provider of an MCP server (RFC 9728), its addresses (RFC 8414 or OpenID) and registers as its client
 * (RFC 7591).
 *
 * @throws {ApiError} 400 that says which step failed and why.
 */
export async function discoverOAuth2(
  fetch: ProviderFetch,
  serverUrl: string,
  redirectUri: string,
): Promise<DiscoveredOAuth2> {
  const resource = await firstOf(fetch, resourceAddresses(serverUrl), resourceSchema).catch(
    failure('The MCP server does not say who signs its users in.'),
  )
  const [issuer = ''] = resource.authorization_servers
  const server = await firstOf(fetch, issuerAddresses(issuer), serverSchema).catch(
    failure('The provider does not say where users sign in and where a client registers.'),
  )
  const method = server.token_endpoint_auth_methods_supported?.includes('none')
    ? 'none'
    : 'client_secret_basic'
  const client = await askProvider(
    fetch,
    server.registration_endpoint,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({
        client_name: 'Outpost',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: method,
      }),
    },
    clientSchema,
  ).catch(failure('The provider did not register this deployment.'))
  return {
    clientId: client.client_id,
    clientSecret: client.client_secret ?? '',
    authUrl: server.authorization_endpoint,
    tokenUrl: server.token_endpoint,
    scopes: (resource.scopes_supported ?? []).join(' '),
  }
}

function failure(message: string): (error: unknown) => never {
  return (error) => {
    throw new ApiError(400, {
      message: `OAuth2 discovery failed. ${message} Give the client id, the authorization URL and the token URL instead.`,
      detail: error instanceof Error ? error.message : String(error),
      validations: [{ field: 'url', detail: message }],
    })
  }
}

async function firstOf<T extends z.ZodType>(
  fetch: ProviderFetch,
  addresses: readonly string[],
  schema: T,
): Promise<z.output<T>> {
  let problem: unknown
  for (const url of addresses) {
    try {
      return await askProvider(fetch, url, { headers: { accept: 'application/json' } }, schema)
    } catch (error) {
      problem = error
    }
  }
  throw problem
}

const unique = (addresses: readonly string[]): string[] => [...new Set(addresses)]
const pathOf = (url: URL): string => (url.pathname === '/' ? '' : url.pathname.replace(/\/$/, ''))

/** The path of the resource first, then the root (RFC 9728, 3.1). */
function resourceAddresses(serverUrl: string): string[] {
  const url = new URL(serverUrl)
  const root = `${url.origin}/.well-known/oauth-protected-resource`
  return unique([`${root}${pathOf(url)}`, root])
}

/** RFC 8414, 3.1 with the issuer's path, then without, then OpenID's older form. */
function issuerAddresses(issuer: string): string[] {
  const url = new URL(issuer)
  const root = `${url.origin}/.well-known/oauth-authorization-server`
  const openId = '/.well-known/openid-configuration'
  return unique([
    `${root}${pathOf(url)}`,
    root,
    `${url.origin}${openId}${pathOf(url)}`,
    `${url.origin}${pathOf(url)}${openId}`,
  ])
}
