/** Speaks to the OAuth2 provider of one deployment: finds it, registers there, and trades codes and tokens. */
import type { z } from 'zod'
import {
  oauth2ErrorSchema,
  oauth2MetadataPath,
  oauth2MetadataSchema,
  oauth2RegistrationResponseSchema,
  oauth2TokenResponseSchema,
  type OAuth2AuthMethod,
} from '../contract/oauth2.ts'
import { systemClock, type Clock } from '../lib/clock.ts'
import { createCallLimit } from './call-limits.ts'
import { connectionErrorFrom } from './connection-failure.ts'
import { ConnectionError, isClientError, UnexpectedAnswerError } from './errors.ts'
import { exchange, type Fetch, type PlainRequest } from './http-exchange.ts'
import type { Network } from './network/network.ts'
import { usableProvider, type OAuth2Provider } from './oauth2-provider.ts'
import { OAuth2Refusal } from './oauth2-refusal.ts'
import { readApiError, webPageError } from './read-answer.ts'
import { contentType, parseJson, readBody } from './read-body.ts'

/** Who the app is to a provider. */
export interface OAuth2Registration {
  readonly clientId: string
  readonly clientSecret: string | null
  readonly authMethod: OAuth2AuthMethod
}

export interface OAuth2Tokens {
  readonly accessToken: string
  readonly refreshToken: string | null
  /** Epoch milliseconds; `null` where the provider does not say. */
  readonly expiresAt: number | null
}

export interface OAuth2ClientOptions {
  readonly baseUrl: string
  readonly network?: Network | undefined
  readonly fetch?: Fetch
  readonly clock?: Clock
  readonly userAgent?: string
  readonly timeoutMs?: number
}

/** Every method throws an {@link OAuth2Refusal}, or what a call to the API throws. */
export interface OAuth2Client {
  /** `undefined` where the deployment has no provider this app may use. Sends no credential. */
  discover(signal: AbortSignal): Promise<OAuth2Provider | undefined>
  register(provider: OAuth2Provider, redirectUri: string, signal: AbortSignal): Promise<OAuth2Registration>
  /** Trades a code that the browser brought. */
  exchangeCode(
    provider: OAuth2Provider,
    registration: OAuth2Registration,
    given: { readonly code: string; readonly verifier: string; readonly redirectUri: string },
    signal: AbortSignal,
  ): Promise<OAuth2Tokens>
  /** Trades a refresh token; without a new one in the answer the old one stays good (RFC 6749, section 6). */
  refresh(
    tokenEndpoint: string,
    registration: OAuth2Registration,
    refreshToken: string,
    signal: AbortSignal,
  ): Promise<OAuth2Tokens>
  /** Ends a token on the server; one that it does not know is ended too (RFC 7009, section 2.2). */
  revoke(
    revocationEndpoint: string,
    registration: OAuth2Registration,
    token: { readonly value: string; readonly hint: 'access_token' | 'refresh_token' },
    signal: AbortSignal,
  ): Promise<void>
}

const defaultTimeoutMs = 15_000
/** Far more than a token or metadata need. */
const maxAnswerBytes = 256 * 1024

interface Ask {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** What no message may repeat. */
  readonly secrets?: readonly string[]
}

/** Makes the client. It holds nothing. */
export function createOAuth2Client(options: OAuth2ClientOptions): OAuth2Client {
  const { baseUrl, clock = systemClock, userAgent = 'outpost', timeoutMs = defaultTimeoutMs } = options
  const { host, origin } = new URL(baseUrl)
  const send = options.fetch ?? options.network?.fetch ?? globalThis.fetch

  const ask = async ({ method, url, headers, body, secrets = [] }: Ask, outer: AbortSignal) => {
    if (new URL(url).origin !== origin) throw elsewhere(host, url)
    const limit = createCallLimit(clock, timeoutMs, host, outer)
    const request: PlainRequest = {
      method,
      url: new URL(url),
      headers: { 'User-Agent': userAgent, Accept: 'application/json', ...headers },
      ...(body === undefined ? {} : { body }),
    }
    try {
      const response = await exchange(send, request, limit.signal)
      limit.progress()
      const text = await readBody(response, { maxBytes: maxAnswerBytes, host, onChunk: limit.progress })
      if (!response.ok) throw refusalOf(response, text, { host, now: clock.now(), secrets })
      return { response, text }
    } catch (thrown) {
      const ours = isClientError(thrown) || thrown instanceof OAuth2Refusal
      throw limit.reason() ?? (ours ? thrown : connectionErrorFrom(thrown, host))
    } finally {
      limit.dispose()
    }
  }
  const askJson = async <S extends z.ZodType>(
    schema: S,
    what: Ask,
    signal: AbortSignal,
  ): Promise<z.output<S>> => {
    const { response, text } = await ask(what, signal)
    if (contentType(response) === 'text/html') throw webPageError(host)
    const result = schema.safeParse(parseJson(text, host))
    if (result.success) return result.data
    const paths = result.error.issues.slice(0, 10).map(({ path }) => path.map(String).join('.'))
    throw new UnexpectedAnswerError(`${what.method} ${new URL(what.url).pathname}`, host, paths)
  }
  const form = (
    url: string,
    registration: OAuth2Registration,
    fields: Readonly<Record<string, string>>,
    secrets: readonly string[],
  ): Ask => ({
    method: 'POST',
    url,
    ...formOf(registration, fields),
    secrets: [...secrets, registration.clientSecret ?? ''],
  })
  const tokens = async (what: Ask, signal: AbortSignal): Promise<OAuth2Tokens> => {
    const askedAt = clock.now()
    const answer = await askJson(oauth2TokenResponseSchema, what, signal)
    const { access_token: accessToken, refresh_token: refreshToken = null, expires_in, expiry } = answer
    // The server's own clock may differ from this one, so how long is better than until when.
    const expiresAt =
      expires_in === undefined
        ? expiry === undefined
          ? null
          : Date.parse(expiry)
        : askedAt + Math.floor(expires_in * 1000)
    return { accessToken, refreshToken, expiresAt }
  }

  return {
    async discover(signal) {
      const url = new URL(oauth2MetadataPath, baseUrl).href
      try {
        return usableProvider(await askJson(oauth2MetadataSchema, { method: 'GET', url }, signal), baseUrl)
      } catch (thrown) {
        // Off, too old (its dashboard answers any path), something in front of it: no reason to sign nobody in.
        if (signal.aborted || !(isClientError(thrown) || thrown instanceof OAuth2Refusal)) throw thrown
        return undefined
      }
    },
    async register({ registrationEndpoint: url, authMethod, scope }, redirectUri, signal) {
      const body = JSON.stringify({
        client_name: 'Outpost',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: authMethod,
        ...(scope === null ? {} : { scope }),
      })
      const headers = { 'Content-Type': 'application/json' }
      const registered = await askJson(
        oauth2RegistrationResponseSchema,
        { method: 'POST', url, headers, body },
        signal,
      )
      return {
        clientId: registered.client_id,
        clientSecret: registered.client_secret ?? null,
        authMethod: registered.token_endpoint_auth_method,
      }
    },
    exchangeCode({ tokenEndpoint }, registration, { code, verifier, redirectUri }, signal) {
      const fields = {
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
      }
      return tokens(form(tokenEndpoint, registration, fields, [code, verifier]), signal)
    },
    refresh(tokenEndpoint, registration, refreshToken, signal) {
      const fields = { grant_type: 'refresh_token', refresh_token: refreshToken }
      return tokens(form(tokenEndpoint, registration, fields, [refreshToken]), signal)
    },
    async revoke(revocationEndpoint, registration, { value, hint }, signal) {
      const fields = { token: value, token_type_hint: hint }
      await ask(form(revocationEndpoint, registration, fields, [value]), signal)
    },
  }
}

/** A form with who asks in it, or beside it. */
function formOf(
  { clientId, clientSecret, authMethod }: OAuth2Registration,
  fields: Readonly<Record<string, string>>,
): Pick<Ask, 'headers' | 'body'> {
  const body = new URLSearchParams(fields)
  const headers: Record<string, string> = { 'Content-Type': 'application/x-www-form-urlencoded' }
  if (authMethod === 'client_secret_basic' && clientSecret !== null) {
    // Each part is encoded as a form is before they are joined (RFC 6749, section 2.3.1).
    const pair = [clientId, clientSecret].map((part) => new URLSearchParams({ '': part }).toString().slice(1))
    headers['Authorization'] = `Basic ${Buffer.from(pair.join(':')).toString('base64')}`
  } else {
    body.set('client_id', clientId)
    if (authMethod === 'client_secret_post' && clientSecret !== null) body.set('client_secret', clientSecret)
  }
  return { headers, body: body.toString() }
}

function refusalOf(
  response: Response,
  text: string,
  {
    host,
    now,
    secrets,
  }: { readonly host: string; readonly now: number; readonly secrets: readonly string[] },
): Error {
  if (response.status < 500 && response.status !== 429 && contentType(response) === 'application/json') {
    const said = oauth2ErrorSchema.safeParse(parseJson(text, host))
    if (said.success) return new OAuth2Refusal(said.data.error, said.data.error_description, secrets)
  }
  return readApiError(response, text, host, now)
}

function elsewhere(host: string, url: string): ConnectionError {
  const { origin } = new URL(url)
  const message = `${origin} is not ${host}, so nothing is sent there.`
  return new ConnectionError({ code: 'redirected', host, message, redirectedTo: origin })
}
