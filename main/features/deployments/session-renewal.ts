/**
 * Keeps the session that a browser brought alive: renews it before it runs out, and when the deployment refuses it. There
 * is one renewal at a time, whoever asks: a refresh token is good once, so two would end the session.
 */
import type { OAuth2Tokens } from '#bridge/client/oauth2-client'
import { OAuth2Refusal } from '#bridge/client/oauth2-refusal'
import { CoderApiError } from '#bridge/client/errors'
import type { Clock } from '#bridge/lib/clock'
import type { Logger } from '#bridge/lib/logger'
import { toError } from '#bridge/lib/to-error'
import { SecretsError } from '../../ports/secrets.ts'
import { renewSession } from './oauth2-session.ts'
import type { OAuth2Session, SessionEntries } from './session-entries.ts'

export interface SessionRenewalDeps {
  readonly deploymentId: string
  readonly entries: Pick<SessionEntries, 'replace'>
  readonly refresh: (session: OAuth2Session) => Promise<OAuth2Tokens>
  /** Ends on the server what nobody will use. */
  readonly discard: (session: OAuth2Session) => Promise<unknown>
  readonly clock: Clock
  readonly logger: Logger
}

export type Renewed =
  | { readonly kind: 'usable'; readonly session: OAuth2Session }
  /** For good. `reason` is a sentence. */
  | { readonly kind: 'ended'; readonly reason: string }
  /** Another sign-in or a sign-out came in between. */
  | { readonly kind: 'replaced' }

export interface SessionRenewal {
  /**
   * The session to use in place of the one that is stored. Renews one that runs out soon, or one that was refused.
   *
   * @throws {ConnectionError | CoderApiError} it must be renewed and cannot be now; later it may.
   */
  usable(stored: OAuth2Session, refusedToken?: string): Promise<Renewed>
  /** Epoch milliseconds of the next renewal that is due. */
  nextAt(): number | null
}

/** After a renewal before time that failed. */
const AGAIN_MS = 60_000

/** Makes the renewal of one deployment. */
export function createSessionRenewal(deps: SessionRenewalDeps): SessionRenewal {
  const { deploymentId, entries, clock, logger } = deps
  let flight: Promise<Renewed> | undefined
  /** Renewed, and not in the keychain: that could not be written. */
  let held: { readonly before: OAuth2Session; readonly after: OAuth2Session } | undefined
  let ended: { readonly refreshToken: string; readonly reason: string } | undefined
  let refused: string | undefined
  let nextAt: number | null = null

  /** The new one is kept before the old one is dropped. */
  const keep = async (before: OAuth2Session, after: OAuth2Session): Promise<boolean> => {
    try {
      const isKept = await entries.replace(deploymentId, before, after)
      held = undefined
      return isKept
    } catch (thrown) {
      if (!(thrown instanceof SecretsError)) throw thrown
      // The old one is worth nothing any more, so this one is used until the keychain takes it.
      held = { before, after }
      logger.warn('A renewed session could not be kept in the keychain', { code: thrown.code })
      return true
    }
  }
  const renew = async (session: OAuth2Session, refreshToken: string): Promise<Renewed> => {
    try {
      const after = renewSession(session, await deps.refresh(session), clock.now())
      if (await keep(held?.after === session ? held.before : session, after))
        return { kind: 'usable', session: after }
      await deps.discard(after)
      return { kind: 'replaced' }
    } catch (thrown) {
      const reason = endReason(thrown)
      if (reason === undefined) throw thrown
      logger.info('A session cannot be renewed any more', { err: toError(thrown) })
      ended = { refreshToken, reason }
      return { kind: 'ended', reason }
    }
  }
  const newest = async (stored: OAuth2Session): Promise<OAuth2Session> => {
    if (held === undefined) return stored
    if (held.before.accessToken !== stored.accessToken) {
      held = undefined
      return stored
    }
    const { before, after } = held
    return (await keep(before, after)) ? after : stored
  }
  const planned = (session: OAuth2Session): Renewed => {
    nextAt = session.refreshToken === null ? null : session.renewAt
    return { kind: 'usable', session }
  }

  const endOf = (refreshToken: string | null): string | undefined =>
    refreshToken !== null && ended?.refreshToken === refreshToken ? ended.reason : undefined

  return {
    nextAt: () => nextAt,
    async usable(stored, refusedToken) {
      refused = refusedToken ?? refused
      const session = await newest(stored)
      const { refreshToken, expiresAt, renewAt } = session
      const now = clock.now()
      const isOver = session.accessToken === refused || (expiresAt !== null && now >= expiresAt)
      if (!isOver && (renewAt === null || now < renewAt)) return planned(session)
      nextAt = null
      const end = endOf(refreshToken)
      if (end !== undefined || refreshToken === null) return until(isOver, session, end ?? RAN_OUT)
      try {
        flight ??= renew(session, refreshToken).finally(() => (flight = undefined))
        const renewed = await flight
        if (renewed.kind === 'usable') return planned(renewed.session)
        return renewed.kind === 'ended' ? until(isOver, session, renewed.reason) : renewed
      } catch (thrown) {
        if (isOver) throw thrown
        nextAt = now + AGAIN_MS
        logger.info('A session could not be renewed yet', { err: toError(thrown) })
        return { kind: 'usable', session }
      }
    },
  }
}

/** What cannot be renewed is good until it is over. */
function until(isOver: boolean, session: OAuth2Session, reason: string): Renewed {
  return isOver ? { kind: 'ended', reason } : { kind: 'usable', session }
}

const RAN_OUT = 'Your session has ended. Sign in again.'

/** Why it is over for good, `undefined` when it may work later: what keeps a person signed out must be Coder's own word. */
function endReason(thrown: unknown): string | undefined {
  if (thrown instanceof OAuth2Refusal)
    return thrown.isPassing ? undefined : `Your session could not be renewed. ${thrown.message}`
  const isCoders = thrown instanceof CoderApiError && thrown.requestId !== undefined
  const isFinal = isCoders && [401, 403, 404].includes(thrown.status)
  return isFinal ? `Your session could not be renewed. The deployment says: ${thrown.message}` : undefined
}
