/** Signing in with the system's browser: OAuth2 with PKCE for an app on a person's machine (RFC 8252, 7636, 7591). */
import { createOAuth2Client, type OAuth2Client } from '#bridge/client/oauth2-client'
import type { OAuth2Provider } from '#bridge/client/oauth2-provider'
import { OAuth2Refusal } from '#bridge/client/oauth2-refusal'
import { createPkce, randomText } from '#bridge/client/pkce'
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import { ProcedureError } from '../../lib/procedure-error.ts'
import { toProcedureError } from './call-failure.ts'
import { listenForRedirect } from './loopback-redirect.ts'
import { beginSession } from './oauth2-session.ts'
import type { OAuth2Session } from './session-entries.ts'
import { over, type OpenNetwork } from './sign-in.ts'

export interface BrowserSignInDeps {
  readonly clock: Clock
  readonly logger: Logger
  readonly userAgent: string
  /** Opens a page of the deployment in the browser; throws `refused`. */
  readonly openPage: (url: string) => Promise<unknown>
  readonly writeClipboard: (text: string) => Promise<void>
}

export interface BrowserSignInRequest {
  readonly url: string
  /** Made by who asks, so that what is under way can be spoken of. */
  readonly attemptId: string
  readonly signal: AbortSignal
  readonly open: OpenNetwork
}

export interface BrowserSignIns {
  /**
   * Resolves with what the browser brought, which nobody has tried yet.
   *
   * @throws {ProcedureError} `browser_not_offered`, `sign_in_refused`, `sign_in_late`, `cancelled`, `unreachable`
   */
  run(request: BrowserSignInRequest): Promise<OAuth2Session>
  /** Opens the page of an attempt once more. @throws {ProcedureError} `sign_in_over` */
  openAgain(attemptId: string): Promise<void>
  /** Copies its address, for another browser. @throws {ProcedureError} `sign_in_over` */
  copyAddress(attemptId: string): Promise<void>
}

/** Time to look for a password and a second factor. */
const PATIENCE_MS = 10 * 60_000

/** Makes the sign-ins. */
export function createBrowserSignIns(deps: BrowserSignInDeps): BrowserSignIns {
  const { clock, logger, userAgent } = deps
  const pages = new Map<string, string>()

  const pageOf = (attemptId: string): string => {
    const page = pages.get(attemptId)
    if (page !== undefined) return page
    throw new ProcedureError('sign_in_over', 'This sign-in is not waiting for the browser.')
  }
  /** The address can still be copied where no browser opens. */
  const open = async (page: string): Promise<void> => {
    try {
      await deps.openPage(page)
    } catch (thrown) {
      if (thrown instanceof ProcedureError) throw thrown
      logger.warn('The browser could not be opened', { err: toError(thrown) })
    }
  }
  const attempt = async (client: OAuth2Client, request: BrowserSignInRequest): Promise<OAuth2Session> => {
    const { attemptId, signal } = request
    const provider = await client.discover(signal)
    if (provider === undefined)
      throw new ProcedureError(
        'browser_not_offered',
        'This deployment does not offer sign-in with the browser any more. Use another way.',
      )
    const state = randomText()
    const pkce = createPkce()
    const redirect = await listenForRedirect({ state, issuer: provider.issuer })
    try {
      const registration = await client.register(provider, redirect.uri, signal)
      const { clientId } = registration
      const page = pageAddress(provider, { clientId, redirectUri: redirect.uri, state, ...pkce })
      pages.set(attemptId, page)
      await open(page)
      const code = await inTime(redirect.code, clock, signal)
      pages.delete(attemptId)
      const given = { code, verifier: pkce.verifier, redirectUri: redirect.uri }
      const tokens = await client.exchangeCode(provider, registration, given, signal)
      return beginSession(provider, registration, tokens, clock.now())
    } finally {
      pages.delete(attemptId)
      redirect.close()
    }
  }

  return {
    async run(request) {
      const { url, open: openNetwork } = request
      try {
        return await over(openNetwork, url, (network) =>
          attempt(createOAuth2Client({ baseUrl: url, network, clock, userAgent }), request),
        )
      } catch (thrown) {
        throw inWords(thrown)
      }
    },
    openAgain: async (attemptId) => open(pageOf(attemptId)),
    copyAddress: async (attemptId) => deps.writeClipboard(pageOf(attemptId)),
  }
}

function pageAddress(
  { authorizationEndpoint, scope }: OAuth2Provider,
  given: {
    readonly clientId: string
    readonly redirectUri: string
    readonly state: string
    readonly challenge: string
  },
): string {
  const page = new URL(authorizationEndpoint)
  const parameters = {
    response_type: 'code',
    client_id: given.clientId,
    redirect_uri: given.redirectUri,
    state: given.state,
    code_challenge: given.challenge,
    code_challenge_method: 'S256',
    ...(scope === null ? {} : { scope }),
  }
  for (const [name, value] of Object.entries(parameters)) page.searchParams.set(name, value)
  return page.href
}

async function inTime(code: Promise<string>, clock: Clock, signal: AbortSignal): Promise<string> {
  let stop: () => void = () => undefined
  const given = new Promise<never>((_, reject) => {
    const onAbort = (): void => reject(new ProcedureError('cancelled', 'The sign-in was cancelled.'))
    const cancelTimer = clock.after(PATIENCE_MS, () =>
      reject(
        new ProcedureError(
          'sign_in_late',
          'The browser did not finish the sign-in within ten minutes. Start it again.',
        ),
      ),
    )
    signal.addEventListener('abort', onAbort)
    if (signal.aborted) onAbort()
    stop = () => {
      cancelTimer()
      signal.removeEventListener('abort', onAbort)
    }
  })
  return Promise.race([code, given]).finally(stop)
}

function inWords(thrown: unknown): unknown {
  if (!(thrown instanceof OAuth2Refusal)) return toProcedureError(thrown)
  const message =
    thrown.code === 'access_denied'
      ? 'The sign-in was declined in the browser.'
      : thrown.code === 'invalid_issuer'
        ? 'The browser came back from another server than the one you sign in to, so nothing was sent. Start again.'
        : thrown.message
  return new ProcedureError('sign_in_refused', message, { cause: thrown })
}
