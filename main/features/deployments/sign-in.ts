/** Looking at what the user typed: is a Coder server there, and does it take this token? Changes nothing. */
import { createCoderClient, type CoderClient, type CoderClientOptions } from '#bridge/client/coder-client'
import { isLoopbackHost, normalizeDeploymentUrl } from '#bridge/client/deployment-url'
import { CoderApiError, ConnectionError, DeploymentUrlError } from '#bridge/client/errors'
import type { Network } from '#bridge/client/network/network'
import { createOAuth2Client } from '#bridge/client/oauth2-client'
import { probeDeployment, type DeploymentProbe } from '#bridge/client/probe-deployment'
import { usersRoutes } from '#bridge/contract/users'
import type { SignInMethods } from '#ipc/sign-in-input'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { toProcedureError } from './call-failure.ts'

/** How an address is reached; asked for each, and the network is retired after. `undefined`: the plain way. */
export type OpenNetwork = (url: string) => Promise<Network | undefined>

export interface SignIn {
  /** The origin of an address as typed. @throws {ProcedureError} `invalid_url` */
  normalize(typed: string): string
  /** @throws {ProcedureError} `invalid_url`, `not_coder`, `unreachable` */
  probe(
    typed: string,
    signal: AbortSignal,
    open: OpenNetwork,
  ): Promise<DeploymentProbe & { insecure: boolean; methods: SignInMethods }>
  /** The ways to sign in beside a token. @throws {ProcedureError} `unreachable` */
  methods(url: string, signal: AbortSignal, open: OpenNetwork): Promise<SignInMethods>
  /** @throws {ProcedureError} `token_refused`, `unreachable` */
  tryToken(url: string, token: string, signal: AbortSignal, open: OpenNetwork): Promise<void>
}

/** Makes the checks before anything is saved. */
export function createSignIn(
  options: Pick<CoderClientOptions, 'clock' | 'random' | 'logger' | 'userAgent'>,
): SignIn {
  const takesPassword = async (client: CoderClient, signal: AbortSignal): Promise<boolean> => {
    try {
      return (await client.call(usersRoutes.authMethods, {}, { signal })).password.enabled
    } catch (thrown) {
      // An old server without that list: a token always works.
      if (thrown instanceof CoderApiError) return false
      throw thrown
    }
  }
  const readMethods = (baseUrl: string, signal: AbortSignal, open: OpenNetwork): Promise<SignInMethods> =>
    over(open, baseUrl, async (network) => {
      const [password, provider] = await Promise.all([
        takesPassword(createCoderClient({ ...options, baseUrl, network }), signal),
        createOAuth2Client({ ...options, baseUrl, network }).discover(signal),
      ])
      return { password, browser: provider !== undefined }
    })
  return {
    normalize: (typed) => inWords(() => normalizeDeploymentUrl(typed)),
    async probe(typed, signal, open) {
      try {
        const found = await probeDeployment(typed, { ...options, signal, openNetwork: open })
        const { protocol, hostname } = new URL(found.url)
        return {
          ...found,
          insecure: protocol === 'http:' && !isLoopbackHost(hostname),
          methods: await readMethods(found.url, signal, open),
        }
      } catch (thrown) {
        throw probeFailure(thrown)
      }
    },
    async methods(url, signal, open) {
      try {
        return await readMethods(url, signal, open)
      } catch (thrown) {
        throw toProcedureError(thrown)
      }
    },
    async tryToken(baseUrl, token, signal, open) {
      try {
        await over(open, baseUrl, (network) =>
          createCoderClient({ ...options, baseUrl, token: token || undefined, network, retries: 1 }).call(
            usersRoutes.get,
            { params: { user: 'me' } },
            { signal },
          ),
        )
      } catch (thrown) {
        if (!(thrown instanceof CoderApiError) || thrown.code !== 'unauthorized')
          throw toProcedureError(thrown)
        if (token === '') throw certificateRefused(baseUrl, thrown)
        throw new ProcedureError(
          'token_refused',
          `${new URL(baseUrl).host} does not accept this token. It may have expired or been cut off while copying: make a new one and paste all of it.`,
          { cause: thrown },
        )
      }
    },
  }
}

/** Does a piece of work over a network of its own, which is retired after. */
export async function over<T>(
  open: OpenNetwork,
  url: string,
  work: (network: Network | undefined) => Promise<T>,
): Promise<T> {
  const network = await open(url)
  try {
    return await work(network)
  } finally {
    network?.retire()
  }
}

function inWords<T>(work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    throw probeFailure(thrown)
  }
}

function probeFailure(thrown: unknown): unknown {
  if (thrown instanceof DeploymentUrlError) {
    return new ProcedureError('invalid_url', thrown.message, { cause: thrown })
  }
  if (thrown instanceof ConnectionError && (thrown.code === 'not_coder' || thrown.code === 'redirected')) {
    return new ProcedureError('not_coder', thrown.message, { cause: thrown })
  }
  return toProcedureError(thrown)
}

function certificateRefused(baseUrl: string, cause: unknown): ProcedureError {
  return new ProcedureError(
    'token_refused',
    `The client certificate alone does not sign you in to ${new URL(baseUrl).host}. Paste a session token as well.`,
    { cause },
  )
}
