/** A session that the browser brought: made from what the provider gave, and made anew when it is renewed. */
import { randomUUID } from 'node:crypto'
import type { OAuth2Registration, OAuth2Tokens } from '#bridge/client/oauth2-client'
import type { OAuth2Provider } from '#bridge/client/oauth2-provider'
import type { OAuth2Session } from './session-entries.ts'

/** So early that a slow network does not matter, and a fifth of a short life. */
const EARLY_MS = 10 * 60_000
const EARLY_PART = 0.2

/** The session of a sign-in that has just happened. */
export function beginSession(
  provider: Pick<OAuth2Provider, 'tokenEndpoint' | 'revocationEndpoint'>,
  registration: OAuth2Registration,
  tokens: OAuth2Tokens,
  now: number,
): OAuth2Session {
  const signInId = randomUUID()
  const { tokenEndpoint, revocationEndpoint } = provider
  const common = { version: 1, kind: 'oauth2', signInId, tokenEndpoint, revocationEndpoint } as const
  return { ...common, ...registration, ...tokens, renewAt: renewalOf(tokens, now) }
}

/** The same sign-in with new tokens. */
export function renewSession(before: OAuth2Session, tokens: OAuth2Tokens, now: number): OAuth2Session {
  const refreshToken = tokens.refreshToken ?? before.refreshToken
  return { ...before, ...tokens, refreshToken, renewAt: renewalOf(tokens, now) }
}

function renewalOf({ expiresAt }: OAuth2Tokens, now: number): number | null {
  return expiresAt === null ? null : expiresAt - Math.min(EARLY_MS, Math.max(0, expiresAt - now) * EARLY_PART)
}
