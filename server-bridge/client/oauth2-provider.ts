/** What a deployment offers for signing in with the browser, and whether this app may use it. */
import type { OAuth2AuthMethod, OAuth2AuthorizationServerMetadata } from '../contract/oauth2.ts'

/** A deployment's provider. All addresses are the deployment's own. */
export interface OAuth2Provider {
  readonly issuer: string
  readonly authorizationEndpoint: string
  readonly tokenEndpoint: string
  readonly registrationEndpoint: string
  readonly revocationEndpoint: string | null
  readonly authMethod: OAuth2AuthMethod
  /** `null`: what the deployment gives by itself. */
  readonly scope: string | null
}

/** The app shows all of Coder, so it asks for what a session may do. */
const wantedScope = 'coder:all'

/**
 * The provider in a deployment's metadata, `undefined` where it is not one to use:
 *
 * - its issuer is not the deployment that was asked (RFC 8414, section 3.3: then it must not be used), or it sends
 *   browser or secrets elsewhere, which only serves a mix-up (RFC 9700, section 4.4);
 * - it does not say that it takes PKCE with S256, codes and registrations, without which there is no safe sign-in here.
 */
export function usableProvider(
  metadata: OAuth2AuthorizationServerMetadata,
  baseUrl: string,
): OAuth2Provider | undefined {
  const { registration_endpoint: registrationEndpoint, revocation_endpoint: revocationEndpoint } = metadata
  if (new URL(metadata.issuer).href !== new URL(baseUrl).href) return undefined
  if (registrationEndpoint === undefined) return undefined
  const endpoints = [metadata.authorization_endpoint, metadata.token_endpoint, registrationEndpoint]
  if (!endpoints.every((endpoint) => isOwn(endpoint, baseUrl))) return undefined
  if (!metadata.response_types_supported.includes('code')) return undefined
  if (metadata.grant_types_supported?.includes('authorization_code') === false) return undefined
  if (metadata.code_challenge_methods_supported?.includes('S256') !== true) return undefined
  const authMethod = chooseAuthMethod(metadata.token_endpoint_auth_methods_supported)
  if (authMethod === undefined) return undefined
  return {
    issuer: metadata.issuer,
    authorizationEndpoint: metadata.authorization_endpoint,
    tokenEndpoint: metadata.token_endpoint,
    registrationEndpoint,
    revocationEndpoint:
      revocationEndpoint !== undefined && isOwn(revocationEndpoint, baseUrl) ? revocationEndpoint : null,
    authMethod,
    scope: metadata.scopes_supported?.includes(wantedScope) === true ? wantedScope : null,
  }
}

/** A program on a person's machine keeps no secret of its maker's, so none is asked for where that is taken. */
function chooseAuthMethod(supported: readonly string[] | undefined): OAuth2AuthMethod | undefined {
  // The default of RFC 8414.
  if (supported === undefined) return 'client_secret_basic'
  return (['none', 'client_secret_post', 'client_secret_basic'] as const).find((method) =>
    supported.includes(method),
  )
}

function isOwn(endpoint: string, baseUrl: string): boolean {
  const { origin, username, password, hash } = new URL(endpoint)
  return origin === new URL(baseUrl).origin && username === '' && password === '' && hash === ''
}
