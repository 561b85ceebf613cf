import { type AppHost, type AppHosts, createAppHosts } from '../apps/app-hosts.ts'

/** Where this server is reached. */
export interface OwnAddress {
  /** What it tells others to call, e.g. `http://127.0.0.1:3000` or `https://coder.example.com`. */
  readonly accessUrl: string
  /** The origins that pages of ours can have, by the `Host` of a request for them. */
  readonly originsByHost: ReadonlyMap<string, ReadonlySet<string>>
  /** Every port it listens on itself. */
  readonly ports: ReadonlySet<number>
  /** The names of subdomain apps. Absent: there is no wildcard host. */
  readonly appHosts: AppHosts | undefined
}

const LOOPBACK_NAMES = ['127.0.0.1', 'localhost', '[::1]']

/** Our own names: loopback on every port we listen on, the addresses we listen on, the access URL, and app hosts. */
export function ownAddress(accessUrl: string, listening: readonly string[], wildcard?: string): OwnAddress {
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
  return {
    accessUrl,
    originsByHost,
    ports: new Set(listening.map(listeningPort)),
    appHosts: wildcard === undefined ? undefined : createAppHosts(wildcard, accessUrl),
  }
}

function listeningPort(origin: string): number {
  const { port, protocol } = new URL(origin)
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

/** The app that a request is for by its `Host`, which names nothing else of ours then. */
export function requestedAppHost(host: string | null, address: OwnAddress): AppHost | undefined {
  if (host === null || address.originsByHost.has(host.toLowerCase())) return undefined
  return address.appHosts?.read(host)
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
