/** A tunnel through an HTTP proxy (RFC 9110, 9.3.6). */
import type { Duplex } from 'node:stream'
import type { ProxyCredentials, ProxyServer } from '../../contract/deployment-network.ts'
import { proxyAuthError, proxyName, proxyRefusal } from './proxy-error.ts'
import { readHandshake } from './read-exactly.ts'

const maxHeadBytes = 32 * 1024

export interface TunnelTarget {
  readonly host: string
  readonly port: number
}

/** `Proxy-Authorization` for a proxy, where credentials for exactly that one are known. */
export function proxyAuthorization(
  proxy: ProxyServer,
  credentials: ProxyCredentials | null,
): string | undefined {
  if (credentials?.host !== proxy.host || credentials.port !== proxy.port) return undefined
  return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString('base64')}`
}

/**
 * Asks for the tunnel; the stream leads to the target afterwards.
 *
 * @throws {ConnectionError} `proxy`, when it says no.
 */
export async function openHttpTunnel(
  stream: Duplex,
  proxy: ProxyServer,
  target: TunnelTarget,
  credentials: ProxyCredentials | null,
): Promise<void> {
  const authority = proxyName(target)
  const authorization = proxyAuthorization(proxy, credentials)
  const lines = [
    `CONNECT ${authority} HTTP/1.1`,
    `Host: ${authority}`,
    ...(authorization === undefined ? [] : [`Proxy-Authorization: ${authorization}`]),
  ]
  stream.write(`${lines.join('\r\n')}\r\n\r\n`)
  const reader = readHandshake(stream)
  const head = (await reader.through('\r\n\r\n', maxHeadBytes)).toString('latin1')
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1] ?? 0)
  if (status >= 200 && status < 300) {
    reader.release()
    return
  }
  if (status === 407) {
    const offered = [...head.matchAll(/^proxy-authenticate:\s*(.*)$/gim)].map(([, value]) => value).join(', ')
    throw proxyAuthError(proxy, target.host, { isSent: authorization !== undefined, offered })
  }
  throw proxyRefusal(proxy, target.host, wordsOf(status))
}

function wordsOf(status: number): string {
  if (status === 0) return 'it does not answer as an HTTP proxy. Check its address and kind.'
  if (status === 403) return 'it is forbidden there (status 403). Ask whoever runs the proxy.'
  if (status === 502 || status === 503 || status === 504)
    return `it cannot reach that host itself (status ${String(status)}). Check the address of the deployment.`
  return `it answers with status ${String(status)}.`
}
