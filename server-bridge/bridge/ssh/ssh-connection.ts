/** An SSH connection to a workspace, as the bridge opens one: over the deployment's WebSocket. */
import type { Duplex } from 'node:stream'
import type { Algorithms, Client } from 'ssh2'
import { gatherTurn } from '../../lib/gather-turn.ts'
import { reusePacketMemory } from './reuse-packet-memory.ts'

/**
 * What we speak, strongest and fastest first, named one by one so that an update of the library adds nothing unseen.
 * ChaCha20 is left out because Electron's BoringSSL has none.
 */
export const sshClientAlgorithms = {
  kex: ['curve25519-sha256', 'curve25519-sha256@libssh.org', 'ecdh-sha2-nistp256', 'ecdh-sha2-nistp384'],
  serverHostKey: ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'rsa-sha2-512', 'rsa-sha2-256'],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes256-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256'],
  compress: ['none'],
} satisfies Algorithms

/** A dead connection is noticed after three of these. */
const keepaliveMs = 10_000
const handshakeMs = 20_000

/**
 * Speaks SSH over a stream until it can be used. The host's key is not checked: who answers is settled by the WebSocket
 * below, which the deployment joins to the agent, and Coder's agents make a new key with every start.
 *
 * @throws {Error} when the handshake fails. The stream is destroyed then.
 */
export async function connectSsh(stream: Duplex): Promise<Client> {
  // From here on: an error without a listener, while the library is being loaded, would end the process.
  let broken: Error | undefined
  stream.on('error', (error: Error) => {
    broken ??= error
  })
  const ssh2 = (await import('ssh2')).default
  if (stream.destroyed)
    throw broken ?? stream.errored ?? new Error('The connection broke while it was set up.')
  gatherTurn(stream)
  const client = new ssh2.Client()
  reusePacketMemory(client)
  return await new Promise<Client>((resolve, reject) => {
    client.once('ready', () => {
      client.off('error', fail)
      // `close` follows, and whoever uses the connection listens to that.
      client.on('error', () => undefined)
      resolve(client)
    })
    const fail = (error: Error): void => {
      client.on('error', () => undefined)
      stream.destroy()
      reject(error)
    }
    client.once('error', fail)
    client.once('close', () => {
      reject(new Error('The workspace closed the connection.'))
    })
    client.connect({
      sock: stream,
      // Coder's agents let in whoever the deployment let through, under any name.
      username: 'coder',
      algorithms: sshClientAlgorithms,
      // The stream is authenticated before SSH begins, and agents' keys are derived from what is no secret.
      hostVerifier: () => true,
      // Coder's agents do not call themselves OpenSSH, and still forward socket files the way it does.
      strictVendor: false,
      keepaliveInterval: keepaliveMs,
      keepaliveCountMax: 3,
      readyTimeout: handshakeMs,
    })
  })
}
