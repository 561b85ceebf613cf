/** By which way a deployment is reached: what the checks go through, so that they meet what everything else meets. */
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { SecureContext } from 'node:tls'

export interface CheckRoute {
  /** A sentence. */
  readonly words: string
  /** Names are looked up here, not by a proxy. */
  readonly looksUpNames: boolean
  /** @throws Node's error of the connection, or one with a sentence. */
  open(target: { readonly host: string; readonly port: number }, signal: AbortSignal): Promise<Duplex>
  /** Certificates beside those of the system, and the client's own. */
  readonly secureContext?: () => Promise<SecureContext>
  /** The name the certificate has to be for, where it is not the host's. */
  readonly serverName?: string
  /** Sent with every request, for what stands in front of the deployment. */
  readonly headers?: () => Promise<Readonly<Record<string, string>>>
}

/** Straight to the deployment. */
export const directRoute: CheckRoute = {
  words: 'Outpost connects directly, without a proxy.',
  looksUpNames: true,
  open: ({ host, port }, signal) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host, port, signal })
      socket.once('connect', () => {
        socket.off('error', reject)
        // Whoever uses it listens; between the two an error must not end the process.
        socket.on('error', () => undefined)
        resolve(socket)
      })
      socket.once('error', reject)
    }),
}
