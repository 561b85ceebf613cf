/** Where this server is reached. */
export interface OwnAddress {
  /** What it tells others to call, e.g. `http://127.0.0.1:3000` or `https://coder.example.com`. */
  readonly accessUrl: string
  /** The origins that pages of ours can have, by the `Host` of a request for them. */
  readonly originsByHost: ReadonlyMap<string, ReadonlySet<string>>
}

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]']

/** Our own names: loopback on every port we listen on, the addresses we listen on, and the access URL. */
export function ownAddress(accessUrl: string, listening: readonly string[]): OwnAddress {
  const originsByHost = new Map<string, Set<string>>()
  const add = (url: string): void => {
    const { origin, protocol, host, hostname, port } = new URL(url)
    // `Host` may name the port that the scheme implies, and may leave it out.
    const hosts = port === '' ? [host, `${hostname}:${protocol === 'https:' ? '443' : '80'}`] : [host]
    for (const name of hosts) originsByHost.set(name, (originsByHost.get(name) ?? new Set()).add(origin))
  }
  for (const own of listening) {
    add(own)
    const { protocol, port } = new URL(own)
    for (const name of LOOPBACK_NAMES) add(`${protocol}//${name}:${port}`)
  }
  add(accessUrl)
  return { accessUrl, originsByHost }
}

/**
 * The sentence why the request is refused, or `undefined` when it is addressed to us and comes from nowhere else.
 *
 * Any web page can make a browser call this machine: by DNS rebinding (a name of its own that resolves to our address,
 * seen in `Host`) or by plain cross-origin requests (seen in `Origin`).
 */
export function foreignRequestReason(
  host: string | null,
  origin: string | null,
  address: OwnAddress,
): string | undefined {
  const origins = host === null ? undefined : address.originsByHost.get(host.toLowerCase())
  if (!origins) return 'This server answers only to requests addressed to its own address.'
  if (origin !== null && !origins.has(origin.toLowerCase())) {
    return 'This server does not answer requests of pages of another origin.'
  }
  return undefined
}
