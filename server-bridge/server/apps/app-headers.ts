import type { IncomingHttpHeaders } from 'node:http'
import { appConnectKey } from '../../contract/app-hosts.ts'
import { sessionCookieName } from '../http/credential.ts'
import { appCookieName, appTicketKey } from '../services/app-sessions.ts'
import { parseSessionToken } from '../services/secret-tokens.ts'
import { isHostCookieName } from './host-cookie.ts'

/** For one connection only (RFC 9110, 7.6.1). */
const HOP_HEADERS = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Cookies that are between the browser and this server. An app neither reads nor sets them. */
const OWN_COOKIES = new Set([
  sessionCookieName,
  appCookieName,
  'coder_signed_app_token',
  'csrf_token',
  'oauth_state',
  'oauth_redirect',
])

/** Query keys a credential may stand under; one that others use as well goes only when it holds a key of ours. */
const OWN_QUERY_KEYS = new Set([sessionCookieName, appTicketKey, appConnectKey])
const SHARED_QUERY_KEY = 'access_token'

/** What an app may not tell a browser about an origin that is not its own (`Access-Control-*` aside). */
const ORIGIN_HEADERS = new Set(['service-worker-allowed', 'clear-site-data', 'strict-transport-security'])

/** The headers an app gets: without any credential of this server, wherever it stood. `isSecure`: browsers use TLS. */
export function headersForApp(
  headers: IncomingHttpHeaders,
  remoteAddress: string,
  isSecure = false,
): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || HOP_HEADERS.has(name) || name.startsWith('coder-')) continue
    kept[name] = value
  }
  if (isOwnBearer(headers.authorization)) delete kept['authorization']
  const cookie = withoutOwnCookies(headers.cookie)
  if (cookie === '') delete kept['cookie']
  else kept['cookie'] = cookie
  if (headers.referer !== undefined) kept['referer'] = withoutOwnQuery(headers.referer)
  kept['x-forwarded-for'] = remoteAddress
  kept['x-forwarded-proto'] = isSecure ? 'https' : 'http'
  if (headers.host !== undefined) kept['x-forwarded-host'] = headers.host
  return kept
}

/** The headers of an app's answer that may leave. `names` and values alternate, as Node has them raw. */
export function headersFromApp(raw: readonly string[]): [name: string, value: string][] {
  const kept: [string, string][] = []
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? ''
    const value = raw[index + 1] ?? ''
    const key = name.toLowerCase()
    if (HOP_HEADERS.has(key) || ORIGIN_HEADERS.has(key) || key.startsWith('access-control-')) continue
    if (key === 'set-cookie' && isOwnCookie(cookieName(value))) continue
    kept.push([name, key === 'set-cookie' ? forOwnHost(value) : value])
  }
  return kept
}

/** A path or address without the credentials of its query; the rest of it stays byte for byte. */
export function withoutOwnQuery(target: string): string {
  const start = target.indexOf('?')
  if (start === -1) return target
  const kept = target
    .slice(start + 1)
    .split('&')
    .filter((pair) => {
      const [entry] = new URLSearchParams(pair)
      if (entry === undefined) return true
      const [key, value] = entry
      if (OWN_QUERY_KEYS.has(key)) return false
      return key !== SHARED_QUERY_KEY || parseSessionToken(value) === undefined
    })
  return kept.length === 0 ? target.slice(0, start) : `${target.slice(0, start)}?${kept.join('&')}`
}

function isOwnBearer(authorization: string | undefined): boolean {
  const token = /^bearer (.+)$/i.exec(authorization ?? '')?.[1]
  return token !== undefined && parseSessionToken(token.trim()) !== undefined
}

function withoutOwnCookies(header: string | undefined): string {
  return (header ?? '')
    .split(';')
    .filter((pair) => !isOwnCookie(cookieName(pair)))
    .join(';')
    .trim()
}

const isOwnCookie = (name: string): boolean => OWN_COOKIES.has(name) || isHostCookieName(name)

/** Without the attribute that would hand a cookie to other hosts: the neighbours of an app are other apps. */
function forOwnHost(cookie: string): string {
  return cookie
    .split(';')
    .filter((part, index) => index === 0 || !/^\s*domain\s*(?:=|$)/i.test(part))
    .join(';')
}

function cookieName(pair: string): string {
  return pair.slice(0, Math.max(0, pair.indexOf('='))).trim()
}
