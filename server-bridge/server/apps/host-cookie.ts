import { createHash } from 'node:crypto'
import { appSessionSeconds } from '../services/app-sessions.ts'
import type { AppHost } from './app-hosts.ts'

const NAME = 'coder_subdomain_app_session_token_'
const OWN_NAME = new RegExp(`^(?:__Host-)?${NAME}`)

/**
 * The name of the cookie of an app host, which begins as Coder's. Over TLS its prefix keeps other hosts under the wildcard
 * from setting one of that name (RFC 6265bis, 4.1.3.2); browsers take the prefix with `Secure` alone.
 */
export function hostCookieName({ host, origin }: AppHost): string {
  const hash = createHash('sha256').update(host).digest('hex').slice(0, 8)
  return `${origin.startsWith('https:') ? '__Host-' : ''}${NAME}${hash}`
}

/** The header that sets it. There is no `Domain`, so it goes back to this host alone. */
export function hostCookie(host: AppHost, session: string): string {
  const secure = host.origin.startsWith('https:') ? '; Secure' : ''
  return `${hostCookieName(host)}=${session}; Path=/; Max-Age=${appSessionSeconds}; HttpOnly; SameSite=Lax${secure}`
}

/** Whether a cookie is one of an app host, this or another: no app reads or sets those. */
export function isHostCookieName(name: string): boolean {
  return OWN_NAME.test(name)
}
