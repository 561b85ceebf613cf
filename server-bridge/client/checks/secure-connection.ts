import type { Duplex } from 'node:stream'
import { connect, type TLSSocket } from 'node:tls'
import { errorCode } from '../../lib/to-error.ts'
import type { CheckContext } from './check-context.ts'

/** What a host shows of itself. */
export interface Handshake {
  readonly protocol: string
  readonly issuer: string
  /** Epoch milliseconds; NaN where it does not say. */
  readonly validTo: number
  /** Why it is not trusted. */
  readonly error: Error | undefined
  readonly errorCode: string | undefined
}

type Reach = Pick<CheckContext, 'host' | 'port' | 'route' | 'signal'>

/** Looks at a host's certificate, trusted or not. Nothing is sent over that connection, and it ends at once. */
export async function handshake(reach: Reach): Promise<Handshake> {
  const socket = await secure(reach, false)
  const peer = socket.getPeerCertificate()
  // Typed as an error; in truth Node gives OpenSSL's code as a text, and an error for a wrong name.
  const reason = socket.authorizationError as Error | string | null
  const error = reason === null || socket.authorized ? undefined : asError(reason)
  const protocol = socket.getProtocol() ?? 'TLS'
  socket.destroy()
  return {
    protocol,
    issuer: nameOf(peer.issuer),
    validTo: Date.parse(peer.valid_to),
    error,
    errorCode: errorCode(error),
  }
}

/** A connection for requests: encrypted and trusted where the address says https. */
export async function openFor(context: Pick<CheckContext, 'url'> & Reach): Promise<Duplex> {
  const { url, host, port, route, signal } = context
  return url.protocol === 'https:' ? secure(context, true) : route.open({ host, port }, signal)
}

async function secure({ host, port, route, signal }: Reach, mustBeTrusted: boolean): Promise<TLSSocket> {
  const secureContext = await route.secureContext?.()
  const socket = await route.open({ host, port }, signal)
  return new Promise((resolve, reject) => {
    const name = route.serverName ?? host
    const wrapped = connect({
      ...(secureContext === undefined ? {} : { secureContext }),
      socket,
      // An address is not a name (RFC 6066, 3).
      ...(/^[\d.]+$|:/.test(name) ? {} : { servername: name }),
      host: name,
      ALPNProtocols: ['http/1.1'],
      rejectUnauthorized: mustBeTrusted,
    })
    const abort = () => {
      wrapped.destroy(signal.reason as Error)
    }
    signal.addEventListener('abort', abort, { once: true })
    wrapped.once('secureConnect', () => {
      signal.removeEventListener('abort', abort)
      wrapped.off('error', reject)
      wrapped.on('error', () => undefined)
      resolve(wrapped)
    })
    wrapped.once('error', reject)
    wrapped.once('close', () => {
      reject(new Error('The connection was closed.'))
    })
  })
}

function asError(reason: Error | string): Error {
  if (typeof reason !== 'string') return reason
  return Object.assign(new Error(reason), { code: reason })
}

/** Of a person's or a company's name in a certificate whatever says most. */
function nameOf(issuer: Record<string, unknown> | undefined): string {
  const first = (value: unknown): string =>
    Array.isArray(value) ? first(value[0]) : typeof value === 'string' ? value : ''
  const [organization, common] = [first(issuer?.['O']), first(issuer?.['CN'])]
  if (organization === '' || organization === common) return common
  return common === '' ? organization : `${organization} (${common})`
}
