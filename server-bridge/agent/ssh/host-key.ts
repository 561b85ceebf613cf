import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'

const keyType = 'ssh-ed25519'
/** PKCS#8 around the 32 bytes of an Ed25519 key (RFC 8410, section 7). */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')
const publicKeyBytes = 32
/** The block size of the cipher `none`, to which the private section is padded (OpenSSH, PROTOCOL.key). */
const paddingBlock = 8

/**
 * The SSH host key of a workspace's agent in OpenSSH's private key format, derived from what a rebuild keeps: so a
 * client that remembers it is not alarmed, and there is no file to guard or to forget.
 *
 * As in Coder it is no secret and protects nothing: who reaches the server came through the deployment, which has
 * authenticated both ends (stable-api, "The agent's SSH server").
 */
export function deriveHostKey(workspaceId: string, agentName: string): string {
  const seed = createHash('sha256').update(`outpost ssh host key\0${workspaceId}\0${agentName}`).digest()
  const privateKey = createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, seed]),
    format: 'der',
    type: 'pkcs8',
  })
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return encodeOpenSshKey(seed, spki.subarray(-publicKeyBytes))
}

function encodeOpenSshKey(seed: Buffer, publicKey: Buffer): string {
  const publicBlob = Buffer.concat([text(keyType), bytes(publicKey)])
  // Two equal numbers tell a reader whether it has decrypted the section.
  const check = seed.subarray(0, 4)
  const privateSection = Buffer.concat([
    check,
    check,
    publicBlob,
    bytes(Buffer.concat([seed, publicKey])),
    text(''),
  ])
  const padding = Buffer.from(
    Array.from(
      { length: (paddingBlock - (privateSection.length % paddingBlock)) % paddingBlock },
      (_, at) => at + 1,
    ),
  )
  const file = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    text('none'),
    text('none'),
    text(''),
    uint32(1),
    bytes(publicBlob),
    bytes(Buffer.concat([privateSection, padding])),
  ])
  const lines = file.toString('base64').match(/.{1,70}/g) ?? []
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join('\n')
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4)
  buffer.writeUInt32BE(value)
  return buffer
}

function bytes(value: Buffer): Buffer {
  return Buffer.concat([uint32(value.length), value])
}

function text(value: string): Buffer {
  return bytes(Buffer.from(value))
}
