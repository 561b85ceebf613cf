/** A plain stream to a host, directly or through the proxies that are set. */
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls, type SecureContext } from 'node:tls'
import type { NetworkOptions, ProxyServer } from '../../contract/deployment-network.ts'
import type { Clock } from '../../lib/clock.ts'
import { toError } from '../../lib/to-error.ts'
import { ConnectionError } from '../errors.ts'
import { openHttpTunnel, type TunnelTarget } from './http-connect.ts'
import { proxyUnreachable } from './proxy-error.ts'
import { openSocksTunnel } from './socks5.ts'

/** One hop: name, TCP, TLS to the proxy and its answer. A dead proxy of a list must not eat the patience of a call. */
const hopTimeoutMs = 10_000

export interface DialOptions extends Pick<NetworkOptions, 'proxies' | 'proxyCredentials'> {
  readonly clock: Clock
  /** Authorities for a proxy that is reached by TLS. The client's certificate is not for it. */
  readonly proxyTls: () => Promise<SecureContext>
}

/** How a request goes: through a tunnel, or in the proxy's own form. */
export interface Dialled {
  readonly socket: Socket
  /** Set when the socket leads to a proxy that wants the whole address in each request. */
  readonly proxy?: ProxyServer
}

/**
 * @param isForwarded plain HTTP, which an HTTP proxy forwards request by request: many refuse tunnels to port 80.
 * @throws {ConnectionError} `proxy` when a proxy said no or none could be reached, else what the system says.
 */
export async function dial(
  target: TunnelTarget,
  options: DialOptions,
  isForwarded = false,
): Promise<Dialled> {
  let failure: Error | undefined
  for (const proxy of options.proxies) {
    if (proxy.scheme === 'direct') {
      try {
        return { socket: await open(target.host, target.port, options.clock) }
      } catch (thrown) {
        failure = toError(thrown)
        continue
      }
    }
    let socket: Socket
    try {
      socket = await openProxy(proxy, options)
    } catch (thrown) {
      failure = proxyUnreachable(proxy, target.host, thrown)
      continue
    }
    if (isForwarded && proxy.scheme !== 'socks5') return { socket, proxy }
    await openTunnel(socket, proxy, target, options)
    return { socket }
  }
  throw failure ?? noUsableProxy(target.host)
}

async function openTunnel(
  socket: Socket,
  proxy: ProxyServer,
  target: TunnelTarget,
  { proxyCredentials, clock }: DialOptions,
): Promise<void> {
  const cancel = clock.after(hopTimeoutMs, () => socket.destroy(timeout()))
  // The reader has its own listener; this one is for what comes between its reads.
  const ignore = (): void => undefined
  socket.on('error', ignore)
  try {
    const ask = proxy.scheme === 'socks5' ? openSocksTunnel : openHttpTunnel
    await ask(socket, proxy, target, proxyCredentials)
  } catch (thrown) {
    socket.destroy()
    throw thrown instanceof ConnectionError ? thrown : proxyUnreachable(proxy, target.host, thrown)
  } finally {
    cancel()
    socket.off('error', ignore)
  }
}

async function openProxy(proxy: ProxyServer, options: DialOptions): Promise<Socket> {
  const plain = await open(proxy.host, proxy.port, options.clock)
  if (proxy.scheme !== 'https') return plain
  const secureContext = await options.proxyTls()
  return settle(
    connectTls({
      socket: plain,
      host: proxy.host,
      secureContext,
      ...(isIP(proxy.host) === 0 ? { servername: proxy.host } : {}),
    }),
    'secureConnect',
    options.clock,
  )
}

function open(host: string, port: number, clock: Clock): Promise<Socket> {
  return settle(connect({ host, port, noDelay: true }), 'connect', clock)
}

/** The socket once it is open; a failed one is gone. */
export function settle<S extends Socket>(
  socket: S,
  opened: 'connect' | 'secureConnect',
  clock: Clock,
): Promise<S> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(hopTimeoutMs, () => socket.destroy(timeout()))
    const onError = (error: Error): void => {
      cancel()
      socket.off('close', onClose)
      socket.destroy()
      reject(error)
    }
    const onClose = (): void => {
      onError(Object.assign(new Error('The connection was closed.'), { code: 'ECONNRESET' }))
    }
    socket.once('error', onError)
    socket.once('close', onClose)
    socket.once(opened, () => {
      cancel()
      socket.off('error', onError)
      socket.off('close', onClose)
      resolve(socket)
    })
  })
}

function timeout(): Error {
  return Object.assign(new Error('It took too long.'), { code: 'ETIMEDOUT' })
}

function noUsableProxy(host: string): ConnectionError {
  return new ConnectionError({
    code: 'proxy',
    host,
    message: `The system's proxy settings name no way to ${host} that Outpost can use. Set a proxy in the network settings of the deployment, or none.`,
  })
}
