/** Signing in with an email and a password, which serve for one call and are kept nowhere. */
import { createCoderClient, type CoderClientOptions } from '#bridge/client/coder-client'
import { CoderApiError } from '#bridge/client/errors'
import { apiKeysRoutes } from '#bridge/contract/api-keys'
import { usersRoutes } from '#bridge/contract/users'
import { toError } from '#bridge/lib/to-error'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { toProcedureError } from './call-failure.ts'
import { over, type OpenNetwork } from './sign-in.ts'

export interface PasswordSignInRequest {
  readonly url: string
  readonly email: string
  readonly password: string
  readonly signal: AbortSignal
  readonly open: OpenNetwork
}

/** @throws {ProcedureError} `password_refused`, `account_suspended`, `sign_in_refused`, `too_many_attempts` */
export type PasswordSignIn = (request: PasswordSignInRequest) => Promise<string>

/**
 * Makes the sign-in; it answers a session token. That is the kind of key the token page makes: it lives for a week after
 * its last use (stable-api, section 4), where the session of a browser may end within the day and a named token ends at
 * a fixed time, also in the middle of work.
 */
export function createPasswordSignIn(
  options: Pick<CoderClientOptions, 'clock' | 'random' | 'logger' | 'userAgent'>,
): PasswordSignIn {
  return ({ url: baseUrl, email, password, signal, open }) =>
    over(open, baseUrl, async (network) => {
      const common = { ...options, baseUrl, network, retries: 1 }
      const login = await createCoderClient(common)
        .call(usersRoutes.login, { body: { email, password } }, { signal })
        .catch((thrown: unknown) => {
          throw inWords(thrown, new URL(baseUrl).host)
        })
      const client = createCoderClient({ ...common, token: login.session_token })
      const params = { user: 'me' }
      let key: string
      try {
        key = (await client.call(apiKeysRoutes.createSession, { params }, { signal })).key
      } catch (thrown) {
        // A deployment may not let people make keys; the session itself is good, only shorter.
        options.logger?.info('The session of a password is kept as it is', { err: toError(thrown) })
        return login.session_token
      }
      const keyid = login.session_token.split('-', 1)[0] ?? ''
      await client
        .call(apiKeysRoutes.delete, { params: { ...params, keyid } }, { signal })
        .catch((thrown: unknown) => {
          // It ends by itself before long.
          options.logger?.info('The session of a password could not be ended', { err: toError(thrown) })
        })
      return key
    })
}

/** Both a wrong password and a suspended account are a 401; only its text tells them apart. */
function inWords(thrown: unknown, host: string): unknown {
  if (!(thrown instanceof CoderApiError)) return toProcedureError(thrown)
  const options = { cause: thrown }
  switch (thrown.code) {
    case 'unauthorized':
      return /suspended/i.test(thrown.message)
        ? new ProcedureError(
            'account_suspended',
            `Your account at ${host} is suspended. Ask an administrator to activate it.`,
            options,
          )
        : new ProcedureError(
            'password_refused',
            `${host} does not accept this email and password. Check both; a user name is no email.`,
            options,
          )
    case 'invalid':
      return new ProcedureError('password_refused', 'This is not an email address that can be used.', options)
    case 'forbidden':
      return new ProcedureError(
        'sign_in_refused',
        `This account does not sign in to ${host} with a password. Use another way.`,
        options,
      )
    case 'rate_limited':
      return new ProcedureError('too_many_attempts', waitWords(host, thrown.retryAfterMs), options)
    default:
      return toProcedureError(thrown)
  }
}

function waitWords(host: string, retryAfterMs: number | undefined): string {
  const seconds = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000)
  const wait = seconds === undefined ? 'a minute' : seconds === 1 ? 'a second' : `${String(seconds)} seconds`
  return `There were too many attempts to sign in to ${host}. Wait ${wait}, then try again.`
}
