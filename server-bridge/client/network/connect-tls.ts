import { isIP, type Socket } from 'node:net'
import {
  checkServerIdentity,
  connect,
  type DetailedPeerCertificate,
  type SecureContext,
  type TLSSocket,
} from 'node:tls'
import type { Clock } from '../../lib/clock.ts'
import { settle } from './dial.ts'
import { isAboutPeer } from './tls-words.ts'

export interface TlsConnectOptions {
  /** A plain stream to the server, each time anew. */
  readonly open: () => Promise<Socket>
  readonly context: SecureContext
  /** Without the client's certificate. */
  readonly bareContext: () => SecureContext
  /** The name the certificate has to be for. */
  readonly name: string
  readonly clock: Clock
}

/** A failed handshake, with the certificate it was about. */
export class TlsFailure extends Error {
  override readonly name = 'TlsFailure'
  readonly peer: DetailedPeerCertificate | undefined

  constructor(cause: unknown, peer: DetailedPeerCertificate | undefined) {
    super('The TLS handshake failed.', { cause })
    this.peer = peer
  }
}

/**
 * Opens a stream and secures it.
 *
 * @throws {TlsFailure} the handshake failed.
 */
export async function connectTls(options: TlsConnectOptions): Promise<TLSSocket> {
  const plain = await options.open()
  try {
    return await handshake(plain, options, true)
  } catch (thrown) {
    throw new TlsFailure(thrown, isAboutPeer(thrown) ? await readPeer(options) : undefined)
  }
}

function handshake(
  socket: Socket,
  { context, bareContext, name, clock }: TlsConnectOptions,
  isTrusted: boolean,
): Promise<TLSSocket> {
  const secured = connect({
    socket,
    host: name,
    secureContext: isTrusted ? context : bareContext(),
    // An address is no server name (RFC 6066, section 3).
    ...(isIP(name) === 0 ? { servername: name } : {}),
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
    ALPNProtocols: ['http/1.1'],
    minVersion: 'TLSv1.2',
    rejectUnauthorized: isTrusted,
  })
  return settle(secured, 'secureConnect', clock)
}

/**
 * The certificate that was not accepted, for the sentence about it. Node drops it with the failed connection, so it is
 * asked for once more, by a connection on which nothing is ever sent.
 */
async function readPeer(options: TlsConnectOptions): Promise<DetailedPeerCertificate | undefined> {
  try {
    const secured = await handshake(await options.open(), options, false)
    secured.on('error', () => undefined)
    const peer = secured.getPeerCertificate(true)
    secured.destroy()
    return Object.keys(peer).length === 0 ? undefined : peer
  } catch {
    // The sentence says less then; the failure it is about is known.
    return undefined
  }
}
