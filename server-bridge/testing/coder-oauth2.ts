/** The OAuth2 provider that a Coder deployment is with its experiment on, strict in all that keeps a sign-in safe. */
import { createHash, randomUUID } from 'node:crypto'

export interface OAuth2Request {
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

export interface OAuth2Answer {
  readonly status: number
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface CoderOAuth2 {
  /** `undefined`: the request is for somebody else. */
  answer(request: OAuth2Request): Promise<OAuth2Answer | undefined>
  /** Bodies of the token endpoint, parsed, in order. */
  readonly tokenRequests: readonly URLSearchParams[]
  /** What clients registered. */
  readonly registrations: readonly Record<string, unknown>[]
  /** Tokens that clients asked to end. */
  readonly revoked: readonly string[]
  /** Laid over the metadata; `null` as a whole: the experiment is off. */
  metadata: Record<string, unknown> | null
  /** Seconds an access token lives; absent: it does not say. */
  expiresIn: number | undefined
  /** Answers in place of the token endpoint where it gives one. */
  beforeToken: (form: URLSearchParams) => Promise<OAuth2Answer | undefined>
}

export interface CoderOAuth2Deps {
  /** The deployment's own address, told late since a port is known late. */
  readonly url: () => string
  /** Makes a session token. */
  readonly mint: () => Promise<string>
  /** Ends one. */
  readonly drop: (token: string) => Promise<void>
}

interface Grant {
  readonly clientId: string
  access: string
  refresh: string
}

interface Code {
  readonly clientId: string
  readonly redirectUri: string
  readonly challenge: string
}

/** Codes and refresh tokens are good once. */
export function createCoderOAuth2({ url, mint, drop }: CoderOAuth2Deps): CoderOAuth2 {
  const clients = new Map<string, readonly string[]>()
  const codes = new Map<string, Code>()
  const grants: Grant[] = []
  const tokenRequests: URLSearchParams[] = []
  const registrations: Record<string, unknown>[] = []
  const revoked: string[] = []

  const describe = (): OAuth2Answer =>
    provider.metadata === null
      ? { status: 403, body: { message: 'OAuth2 is not enabled.' } }
      : {
          status: 200,
          body: {
            issuer: url(),
            authorization_endpoint: `${url()}/oauth2/authorize`,
            token_endpoint: `${url()}/oauth2/tokens`,
            registration_endpoint: `${url()}/oauth2/register`,
            revocation_endpoint: `${url()}/oauth2/revoke`,
            response_types_supported: ['code'],
            grant_types_supported: ['authorization_code', 'refresh_token'],
            code_challenge_methods_supported: ['S256'],
            scopes_supported: ['coder:all', 'workspace:read'],
            token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
            ...provider.metadata,
          },
        }
  const register = (body: string): OAuth2Answer => {
    const asked = JSON.parse(body) as Record<string, unknown>
    registrations.push(asked)
    const clientId = randomUUID()
    clients.set(clientId, asked['redirect_uris'] as string[])
    const method = asked['token_endpoint_auth_method']
    return {
      status: 201,
      body: {
        client_id: clientId,
        ...(method === 'none' ? {} : { client_secret: `seeded-secret-client-${clientId}` }),
        token_endpoint_auth_method: method,
        grant_types: asked['grant_types'],
        response_types: asked['response_types'],
        registration_access_token: 'seeded-secret-registration',
        registration_client_uri: `${url()}/oauth2/clients/${clientId}`,
      },
    }
  }
  const authorize = (query: URLSearchParams): OAuth2Answer => {
    const [clientId, redirectUri, challenge] = ['client_id', 'redirect_uri', 'code_challenge'].map(
      (name) => query.get(name) ?? '',
    ) as [string, string, string]
    const isKnown = clients.get(clientId)?.includes(redirectUri) === true
    const isSafe = query.get('code_challenge_method') === 'S256' && challenge.length === 43
    if (!isKnown || !isSafe || query.get('response_type') !== 'code') return refuse('invalid_request')
    const code = `seeded-secret-code-${randomUUID()}`
    codes.set(code, { clientId, redirectUri, challenge })
    const back = new URL(redirectUri)
    back.searchParams.set('code', code)
    back.searchParams.set('state', query.get('state') ?? '')
    return { status: 302, headers: { location: back.href } }
  }
  const give = async (grant: Grant): Promise<OAuth2Answer> => {
    grant.access = await mint()
    grant.refresh = `seeded-secret-refresh-${randomUUID()}`
    return {
      status: 200,
      body: {
        access_token: grant.access,
        refresh_token: grant.refresh,
        token_type: 'Bearer',
        ...(provider.expiresIn === undefined ? {} : { expires_in: provider.expiresIn }),
      },
    }
  }
  const trade = async (form: URLSearchParams, clientId: string): Promise<OAuth2Answer> => {
    if (form.get('grant_type') === 'refresh_token') {
      const grant = grants.find(
        ({ refresh, clientId: id }) => refresh === form.get('refresh_token') && id === clientId,
      )
      if (grant === undefined) return refuse('invalid_grant', 'The refresh token is not known.')
      await drop(grant.access)
      return give(grant)
    }
    const code = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const fits = code?.clientId === clientId && code.redirectUri === form.get('redirect_uri')
    if (!fits || code.challenge !== proof) return refuse('invalid_grant', 'The code is not known.')
    const grant: Grant = { clientId, access: '', refresh: '' }
    grants.push(grant)
    return give(grant)
  }
  const revoke = async (token: string): Promise<OAuth2Answer> => {
    revoked.push(token)
    const at = grants.findIndex(({ access, refresh }) => access === token || refresh === token)
    const [grant] = at === -1 ? [] : grants.splice(at, 1)
    if (grant !== undefined) await drop(grant.access)
    return { status: 200 }
  }

  const provider: CoderOAuth2 = {
    tokenRequests,
    registrations,
    revoked,
    metadata: {},
    expiresIn: undefined,
    beforeToken: async () => undefined,
    async answer({ method, path, headers, body }) {
      const { pathname, searchParams } = new URL(path, 'http://provider.invalid')
      if (pathname === '/.well-known/oauth-authorization-server') return describe()
      if (method === 'POST' && pathname === '/oauth2/register') return register(body)
      if (method === 'GET' && pathname === '/oauth2/authorize') return authorize(searchParams)
      if (method !== 'POST' || !['/oauth2/tokens', '/oauth2/revoke'].includes(pathname)) return undefined
      const form = new URLSearchParams(body)
      const clientId = clientOf(form, headers['authorization'])
      if (clientId === undefined || !clients.has(clientId)) return refuse('invalid_client')
      if (pathname === '/oauth2/revoke') return revoke(form.get('token') ?? '')
      tokenRequests.push(form)
      return (await provider.beforeToken(form)) ?? trade(form, clientId)
    },
  }
  return provider
}

function refuse(error: string, description?: string): OAuth2Answer {
  return { status: 400, body: { error, error_description: description } }
}

/** Who asks, if the secret fits: as a field, or in the header. */
function clientOf(form: URLSearchParams, header: string | string[] | undefined): string | undefined {
  const [, encoded = ''] = /^Basic (.+)$/.exec(typeof header === 'string' ? header : '') ?? []
  const [id = '', secret] =
    encoded === ''
      ? [form.get('client_id') ?? '', form.get('client_secret') ?? undefined]
      : Buffer.from(encoded, 'base64').toString().split(':').map(decodeURIComponent)
  return secret === undefined || secret === `seeded-secret-client-${id}` ? id : undefined
}

/** Plays the browser of a person who agrees: where it is sent to. */
export async function agreeInBrowser(address: string): Promise<URL> {
  const answer = await fetch(address, { redirect: 'manual' })
  const location = answer.headers.get('location')
  await answer.body?.cancel()
  if (location === null)
    throw new Error(`The provider does not send the browser on (${String(answer.status)}).`)
  return new URL(location)
}
