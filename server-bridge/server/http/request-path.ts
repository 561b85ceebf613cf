/** Stands for the server's own origin where only the path and the query count. */
const ORIGIN = 'http://127.0.0.1'

/**
 * The address of a request by the target in its first line (RFC 9112, 3.2), which is a path or, for a proxy, an address.
 * A path is never resolved against a base: two slashes in front would then name a host.
 *
 * @throws {TypeError} for any other form of target.
 */
export function requestAddress(target: string): string {
  if (target.startsWith('/')) return new URL(`${ORIGIN}${target}`).href
  const { protocol, pathname, search } = new URL(target)
  if (protocol !== 'http:' && protocol !== 'https:')
    throw new TypeError('The target of the request is no path.')
  return `${ORIGIN}${pathname}${search}`
}

/**
 * The path of a request, for whatever decides by it: routes, the check against forged requests and the one for pages of
 * apps. They must not differ, or one of them is passed by. Redundant slashes are folded and one at the end does not
 * matter, as with Coder; dots and backslashes are resolved as browsers do (WHATWG URL). A `Host` that is no host makes no
 * address; whoever sent it is refused for that before a route is looked for.
 */
export function requestPath(address: string): string {
  if (!URL.canParse(address)) return '/'
  return new URL(address).pathname.replaceAll(/\/{2,}/g, '/').replace(/(?<=.)\/$/, '')
}
