/** Who may use a gateway: whoever has its bearer, and never a web page. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Refusal } from './gateway-refusal.ts'

/** Answers why a request is refused, or `undefined`. Nothing else of the request has been looked at by then. */
export function checkAccess(
  headers: IncomingHttpHeaders,
  gateway: { readonly bearer: string; readonly port: () => number },
): Refusal | undefined {
  const own = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${String(gateway.port())}`)
  // A page whose name was rebound to this address sends its own name (DNS rebinding).
  if (!own.includes(headers.host?.toLowerCase() ?? '')) {
    return { status: 403, message: 'This address is served on 127.0.0.1 and localhost only.' }
  }
  const { origin } = headers
  if (origin !== undefined && !own.some((host) => origin.toLowerCase() === `http://${host}`)) {
    return { status: 403, message: 'Web pages may not use this address.' }
  }
  const [, given] = /^bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? []
  if (given === undefined || !isSame(given, gateway.bearer)) {
    const message = 'This needs the bearer token of the gateway. Copy the configuration from Outpost again.'
    return { status: 401, message, headers: { 'www-authenticate': 'Bearer' } }
  }
  return undefined
}

/** In constant time, also where the lengths differ. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}
