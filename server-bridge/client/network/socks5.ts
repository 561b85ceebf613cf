/** A tunnel through a SOCKS 5 proxy (RFC 1928, user name and password by RFC 1929). Names are resolved by the proxy. */
import { isIP, isIPv4 } from 'node:net'
import type { Duplex } from 'node:stream'
import type { ProxyCredentials, ProxyServer } from '../../contract/deployment-network.ts'
import type { TunnelTarget } from './http-connect.ts'
import { proxyAuthError, proxyRefusal } from './proxy-error.ts'
import { readHandshake, type HandshakeReader } from './read-exactly.ts'

const version = 5
const method = { none: 0, password: 2 } as const
const notAProxy = 'it does not answer as a SOCKS 5 proxy. Check its address and kind.'

/** The reply field of RFC 1928, section 6. */
const replies: Readonly<Record<number, string>> = {
  1: 'it failed there.',
  2: 'its rules forbid it. Ask whoever runs the proxy.',
  3: 'it cannot reach that network.',
  4: 'it cannot reach that host. Check the address of the deployment.',
  5: 'nothing listens there. Check the address and port of the deployment.',
  6: 'the connection took too long.',
}

/**
 * Asks for the tunnel; the stream leads to the target afterwards.
 *
 * @throws {ConnectionError} `proxy`, when it says no.
 */
export async function openSocksTunnel(
  stream: Duplex,
  proxy: ProxyServer,
  target: TunnelTarget,
  credentials: ProxyCredentials | null,
): Promise<void> {
  const own = credentials?.host === proxy.host && credentials.port === proxy.port ? credentials : null
  const reader = readHandshake(stream)
  const methods = own === null ? [method.none] : [method.none, method.password]
  stream.write(Buffer.from([version, methods.length, ...methods]))
  const [answered, chosen] = await reader.bytes(2)
  if (answered !== version) throw proxyRefusal(proxy, target.host, notAProxy)
  if (chosen === method.password && own !== null) {
    stream.write(passwordMessage(own))
    const [, status] = await reader.bytes(2)
    if (status !== 0) throw proxyAuthError(proxy, target.host, { isSent: true, offered: '' })
  } else if (chosen !== method.none) {
    throw proxyAuthError(proxy, target.host, { isSent: false, offered: '' })
  }
  stream.write(
    Buffer.concat([
      Buffer.from([version, 1, 0]),
      addressOf(target.host),
      Buffer.from([target.port >> 8, target.port & 0xff]),
    ]),
  )
  await readReply(reader, proxy, target)
  reader.release()
}

async function readReply(reader: HandshakeReader, proxy: ProxyServer, target: TunnelTarget): Promise<void> {
  const [answered, reply = 1, , kind] = await reader.bytes(4)
  if (answered !== version) throw proxyRefusal(proxy, target.host, notAProxy)
  if (reply !== 0)
    throw proxyRefusal(proxy, target.host, replies[reply] ?? `it answers with ${String(reply)}.`)
  // The address it connects from, which nobody needs, but which comes before the target's bytes.
  const length = kind === 1 ? 4 : kind === 4 ? 16 : ((await reader.bytes(1))[0] ?? 0)
  await reader.bytes(length + 2)
}

function passwordMessage({ username, password }: ProxyCredentials): Buffer {
  const part = (text: string): Buffer => {
    const bytes = Buffer.from(text).subarray(0, 255)
    return Buffer.concat([Buffer.from([bytes.length]), bytes])
  }
  return Buffer.concat([Buffer.from([1]), part(username), part(password)])
}

function addressOf(host: string): Buffer {
  if (isIPv4(host)) return Buffer.from([1, ...host.split('.').map(Number)])
  if (isIP(host) === 6) return Buffer.concat([Buffer.from([4]), ipv6Bytes(host)])
  const name = Buffer.from(host)
  return Buffer.concat([Buffer.from([3, name.length]), name])
}

function ipv6Bytes(address: string): Buffer {
  // The URL parser writes an IPv4 tail as two groups, so only groups are left.
  const plain = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [head = '', tail] = plain.split('::')
  const groups = (text: string): string[] => (text === '' ? [] : text.split(':'))
  const before = groups(head)
  const after = groups(tail ?? '')
  const all = [...before, ...Array.from({ length: 8 - before.length - after.length }, () => '0'), ...after]
  const bytes = Buffer.alloc(16)
  for (const [index, group] of all.entries()) bytes.writeUInt16BE(Number.parseInt(group, 16), index * 2)
  return bytes
}
