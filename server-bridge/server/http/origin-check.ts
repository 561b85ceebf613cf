/**
 * The server listens on loopback only, but any web page can make a browser call loopback: by DNS rebinding (a name of
 * its own that resolves to 127.0.0.1, seen in `Host`) or by plain cross-origin requests (seen in `Origin`).
 */
const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]']

/** The sentence why the request is refused, or `undefined` when it is addressed to us and comes from nowhere else. */
export function foreignRequestReason(
  host: string | null,
  origin: string | null,
  port: number,
): string | undefined {
  const ownHosts = LOOPBACK_NAMES.map((name) => `${name}:${port}`)
  if (port === 80) ownHosts.push(...LOOPBACK_NAMES)
  const given = host?.toLowerCase()
  if (given === undefined || !ownHosts.includes(given)) {
    return 'This server answers only to requests addressed to its own loopback address.'
  }
  if (origin !== null && origin.toLowerCase() !== `http://${given}`) {
    return 'This server does not answer requests of pages of another origin.'
  }
  return undefined
}
