/** Ends a session on the server, so that what was on this machine is worth nothing after a sign-out. */
import { createCoderClient, type CoderClientOptions } from '#bridge/client/coder-client'
import type { Network } from '#bridge/client/network/network'
import { createOAuth2Client } from '#bridge/client/oauth2-client'
import { usersRoutes } from '#bridge/contract/users'
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import { tokenOf, type OAuth2Session, type StoredSession } from './session-entries.ts'
import { over, type OpenNetwork } from './sign-in.ts'

/** Answers whether the server has ended it. Being away must not keep anybody from signing out, so it never throws. */
export type EndSession = (url: string, session: StoredSession, open: OpenNetwork) => Promise<boolean>

/** How long leaving waits for the server. */
const PATIENCE_MS = 5000

/** Makes the end of sessions. */
export function createEndSession(
  options: Pick<CoderClientOptions, 'random' | 'userAgent'> & {
    readonly clock: Clock
    readonly logger: Logger
  },
): EndSession {
  const { clock, logger } = options

  const revoke = async (
    baseUrl: string,
    network: Network | undefined,
    session: OAuth2Session,
    signal: AbortSignal,
  ): Promise<boolean> => {
    const { revocationEndpoint, refreshToken, accessToken } = session
    if (revocationEndpoint === null) return false
    const client = createOAuth2Client({ ...options, baseUrl, network })
    // The one that makes others first; with it a server ends what came of it, or else is told so too.
    if (refreshToken !== null)
      await client.revoke(revocationEndpoint, session, { value: refreshToken, hint: 'refresh_token' }, signal)
    await client.revoke(revocationEndpoint, session, { value: accessToken, hint: 'access_token' }, signal)
    return true
  }
  const logout = async (
    baseUrl: string,
    network: Network | undefined,
    token: string,
    signal: AbortSignal,
  ): Promise<void> => {
    await createCoderClient({ ...options, baseUrl, network, token, retries: 0 }).call(
      usersRoutes.logout,
      {},
      { signal },
    )
  }
  const attempted = async (work: () => Promise<boolean>): Promise<boolean> => {
    try {
      return await work()
    } catch (error) {
      logger.info('A session could not be ended on the server', { err: toError(error) })
      return false
    }
  }

  return async (url, session, open) => {
    if (session.kind === 'unreadable') return false
    const controller = new AbortController()
    const cancel = clock.after(PATIENCE_MS, () => controller.abort())
    const { signal } = controller
    const end = (network: Network | undefined): Promise<boolean> =>
      attempted(async () => {
        if (session.kind === 'oauth2' && (await attempted(() => revoke(url, network, session, signal))))
          return true
        await logout(url, network, tokenOf(session), signal)
        return true
      })
    return attempted(() => over(open, url, end)).finally(cancel)
  }
}
