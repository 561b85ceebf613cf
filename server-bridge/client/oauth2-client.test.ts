import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { agreeInBrowser, createCoderOAuth2, type CoderOAuth2 } from '../testing/coder-oauth2.ts'
import { createOAuth2Client, type OAuth2Client } from './oauth2-client.ts'
import type { OAuth2Provider } from './oauth2-provider.ts'
import { createPkce } from './pkce.ts'

const redirectUri = 'http://127.0.0.1:4711/callback'
const { signal } = new AbortController()
let url = ''
let oauth2: CoderOAuth2
let live: Set<string>
let client: OAuth2Client
let close: () => Promise<void>
/** What the server says to a path in place of the provider. */
let instead: Map<string, { status: number; type: string; text: string; location?: string }>

beforeEach(async () => {
  live = new Set()
  instead = new Map()
  oauth2 = createCoderOAuth2({
    url: () => url,
    mint: async () => {
      const token = `seeded-secret-access-${String(live.size)}-${String(oauth2.tokenRequests.length)}`
      live.add(token)
      return token
    },
    drop: async (token) => void live.delete(token),
  })
  const server = createServer((request, response) => {
    void (async () => {
      let body = ''
      for await (const part of request) body += String(part)
      const { method = '', url: path = '', headers } = request
      const other = instead.get(path)
      if (other !== undefined) {
        const { status, type, text, location } = other
        response.writeHead(status, { 'content-type': type, ...(location === undefined ? {} : { location }) })
        response.end(text)
        return
      }
      const answer = (await oauth2.answer({ method, path, headers, body })) ?? { status: 404 }
      response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
      response.end(answer.body === undefined ? '' : JSON.stringify(answer.body))
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  client = createOAuth2Client({ baseUrl: url })
  close = () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
})
afterEach(() => close())

const provider = async (): Promise<OAuth2Provider> => {
  const found = await client.discover(signal)
  if (found === undefined) throw new Error('There is no provider.')
  return found
}
/** Registers and agrees; the code is not traded yet. */
async function begin() {
  const found = await provider()
  const registration = await client.register(found, redirectUri, signal)
  const pkce = createPkce()
  const page = new URL(found.authorizationEndpoint)
  page.search = new URLSearchParams({
    response_type: 'code',
    client_id: registration.clientId,
    redirect_uri: redirectUri,
    state: 'state',
    code_challenge: pkce.challenge,
    code_challenge_method: 'S256',
  }).toString()
  const code = (await agreeInBrowser(page.href)).searchParams.get('code') ?? ''
  return { found, registration, given: { code, verifier: pkce.verifier, redirectUri } }
}

describe('finding the provider', () => {
  it('takes one that has all a safe sign-in needs, and asks for the scope it offers', async () => {
    expect(await provider()).toMatchObject({
      issuer: url,
      authMethod: 'client_secret_post',
      scope: 'coder:all',
    })
  })

  it.each<[string, Record<string, unknown>]>([
    ['another issuer', { issuer: 'https://evil.example' }],
    ['an issuer with a path', { issuer: 'http://127.0.0.1:1/tenant' }],
    ['a page elsewhere', { authorization_endpoint: 'https://evil.example/oauth2/authorize' }],
    ['a token endpoint elsewhere', { token_endpoint: 'https://evil.example/oauth2/tokens' }],
    ['no registration', { registration_endpoint: undefined }],
    ['no PKCE', { code_challenge_methods_supported: undefined }],
    ['PKCE without a hash', { code_challenge_methods_supported: ['plain'] }],
    ['no codes', { response_types_supported: ['token'] }],
    ['no way to show who asks that this app knows', { token_endpoint_auth_methods_supported: ['tls'] }],
    ['no address', { token_endpoint: 'javascript:alert(1)' }],
  ])('does not offer one with %s', async (_, metadata) => {
    oauth2.metadata = metadata
    expect(await client.discover(signal)).toBeUndefined()
  })

  it('does not offer one that is switched off, or a dashboard that answers every path', async () => {
    oauth2.metadata = null
    expect(await client.discover(signal)).toBeUndefined()
    instead.set('/.well-known/oauth-authorization-server', {
      status: 200,
      type: 'text/html',
      text: '<html></html>',
    })
    expect(await client.discover(signal)).toBeUndefined()
  })

  it('sends no token to a revocation endpoint elsewhere', async () => {
    oauth2.metadata = { revocation_endpoint: 'https://evil.example/revoke' }
    expect((await provider()).revocationEndpoint).toBeNull()
  })
})

describe.each([['none'], ['client_secret_post'], ['client_secret_basic']])(
  'with a client that shows itself by %s',
  (method) => {
    beforeEach(() => {
      oauth2.metadata = { token_endpoint_auth_methods_supported: [method] }
      oauth2.expiresIn = 3600
    })

    it('trades a code for tokens, refreshes them, and ends them', async () => {
      const { found, registration, given } = await begin()
      expect(registration.authMethod).toBe(method)
      const before = Date.now()
      const first = await client.exchangeCode(found, registration, given, signal)
      expect(live.has(first.accessToken)).toBe(true)
      expect(first.expiresAt).toBeGreaterThanOrEqual(before + 3_600_000)
      const refresh = first.refreshToken ?? ''
      const second = await client.refresh(found.tokenEndpoint, registration, refresh, signal)
      expect(live).toEqual(new Set([second.accessToken]))
      await expect(client.refresh(found.tokenEndpoint, registration, refresh, signal)).rejects.toMatchObject({
        code: 'invalid_grant',
        isPassing: false,
      })
      const token = { value: second.refreshToken ?? '', hint: 'refresh_token' } as const
      await client.revoke(found.revocationEndpoint ?? '', registration, token, signal)
      expect(live.size).toBe(0)
    })
  },
)

describe('a code', () => {
  it.each([
    ['another verifier', { verifier: createPkce().verifier }],
    ['another code', { code: 'seeded-secret-code-other' }],
    ['another redirect', { redirectUri: 'http://127.0.0.1:4712/callback' }],
  ])('is refused with %s', async (_, wrong) => {
    const { found, registration, given } = await begin()
    const error: unknown = await client
      .exchangeCode(found, registration, { ...given, ...wrong }, signal)
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'invalid_grant' })
    expect(live.size).toBe(0)
  })

  it('is good once', async () => {
    const { found, registration, given } = await begin()
    await client.exchangeCode(found, registration, given, signal)
    await expect(client.exchangeCode(found, registration, given, signal)).rejects.toMatchObject({
      code: 'invalid_grant',
    })
  })
})

describe('a token endpoint', () => {
  it('is quoted without the secrets it repeats and without marks that hide something', async () => {
    const { found, registration, given } = await begin()
    oauth2.beforeToken = async (form) => ({
      status: 400,
      body: {
        error: 'invalid_grant',
        error_description: `bad\u202E ${form.get('code') ?? ''} of ${form.get('client_secret') ?? ''}`,
      },
    })
    const error = (await client
      .exchangeCode(found, registration, given, signal)
      .catch((thrown: unknown) => thrown)) as Error
    expect(error.message).toBe('The deployment says: bad [redacted] of [redacted]')
  })

  it.each([
    ['no Bearer', { access_token: 'abc', token_type: 'DPoP' }],
    ['no token', { token_type: 'Bearer' }],
    ['a token no header can carry', { access_token: 'a\r\nb: c', token_type: 'Bearer' }],
  ])('is not understood with %s', async (_, body) => {
    const { found, registration, given } = await begin()
    oauth2.beforeToken = async () => ({ status: 200, body })
    await expect(client.exchangeCode(found, registration, given, signal)).rejects.toMatchObject({
      name: 'UnexpectedAnswerError',
    })
  })

  it('is never followed elsewhere', async () => {
    const { found, registration, given } = await begin()
    instead.set('/oauth2/tokens', {
      status: 307,
      type: 'text/plain',
      text: '',
      location: 'https://evil.example/',
    })
    await expect(client.exchangeCode(found, registration, given, signal)).rejects.toMatchObject({
      code: 'redirected',
    })
  })

  it('may fail for the moment', async () => {
    const { found, registration, given } = await begin()
    oauth2.beforeToken = async () => ({ status: 503, body: { error: 'temporarily_unavailable' } })
    await expect(client.exchangeCode(found, registration, given, signal)).rejects.toMatchObject({
      name: 'CoderApiError',
      code: 'server_error',
    })
  })
})
