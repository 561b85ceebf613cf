import type { Clock } from '#bridge/lib/clock'
import type { Keychain } from '../keychain/keychain.ts'
import { SecretsError } from '../../ports/secrets.ts'
import type { Credentials, CredentialSource } from './credentials.ts'
import type { OAuth2Session, SessionEntries } from './session-entries.ts'
import type { SessionRenewal } from './session-renewal.ts'

export interface RemoteCredentialsInput {
  readonly deploymentId: string
  readonly url: string
  readonly keychain: Pick<Keychain, 'state'>
  readonly entries: Pick<SessionEntries, 'load'>
  readonly renewal: SessionRenewal
  readonly clock: Clock
  /** A client certificate is set, and may be all the sign-in there is. */
  readonly isTokenOptional: () => boolean
}

/** Timers of more days than this overflow. */
const LONGEST_WAIT_MS = 24 * 3_600_000

/** A saved URL and what the user signed in with, which lies in the keychain. */
export function createRemoteCredentials({
  deploymentId,
  url,
  keychain,
  entries,
  renewal,
  clock,
  isTokenOptional,
}: RemoteCredentialsInput): CredentialSource {
  const listeners = new Set<() => void>()
  let cancelTimer: () => void = () => undefined

  const plan = (): void => {
    cancelTimer()
    const at = renewal.nextAt()
    if (at === null || listeners.size === 0) return
    cancelTimer = clock.after(Math.min(LONGEST_WAIT_MS, Math.max(0, at - clock.now())), () => {
      // Whoever listens loads again, which renews.
      for (const listener of [...listeners]) listener()
    })
  }
  const ofBrowser = async (stored: OAuth2Session): Promise<Credentials> => {
    const renewed = await renewal.usable(stored)
    plan()
    if (renewed.kind === 'ended') return signedOut(renewed.reason)
    // Whatever came in between is the newer.
    if (renewed.kind === 'replaced') return load()
    const { accessToken: token, signInId } = renewed.session
    return { kind: 'ready', url, token, signInId }
  }
  const load = async (): Promise<Credentials> => {
    const stored = await entries.load(deploymentId)
    if (stored?.kind === 'oauth2') return ofBrowser(stored)
    if (stored?.kind === 'token') return { kind: 'ready', url, token: stored.token }
    if (stored?.kind === 'unreadable')
      return signedOut('What the keychain holds for this deployment cannot be read. Sign in again.')
    if (isTokenOptional()) return { kind: 'ready', url, token: '' }
    return signedOut(
      keychain.state.get().kind === 'memory'
        ? 'Tokens are kept in memory in this session. Sign in again to go on.'
        : 'The keychain holds no session for this deployment. Sign in again to go on.',
    )
  }

  return {
    url: () => url,
    async load() {
      try {
        return await load()
      } catch (thrown) {
        if (!(thrown instanceof SecretsError)) throw thrown
        if (thrown.code === 'locked') return { kind: 'unavailable', state: { kind: 'locked' } }
        return signedOut(`The token cannot be read from the keychain. ${thrown.message}`)
      }
    },
    async refused(token) {
      const stored = await entries.load(deploymentId)
      if (stored?.kind !== 'oauth2') return false
      // Also when it has ended for good: loading again says why.
      await renewal.usable(stored, token)
      return true
    },
    onChange(listener) {
      listeners.add(listener)
      let usable = isUsable(keychain)
      const stop = keychain.state.onChange(() => {
        const before = usable
        usable = isUsable(keychain)
        if (usable && !before) listener()
      })
      return () => {
        stop()
        listeners.delete(listener)
        if (listeners.size === 0) cancelTimer()
      }
    },
  }
}

function isUsable(keychain: Pick<Keychain, 'state'>): boolean {
  const { kind } = keychain.state.get()
  return kind === 'works' || kind === 'memory'
}

function signedOut(reason: string): { kind: 'unavailable'; state: { kind: 'signed_out'; reason: string } } {
  return { kind: 'unavailable', state: { kind: 'signed_out', reason } }
}
