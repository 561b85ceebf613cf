import type { Algorithms } from 'ssh2'

/**
 * What the agent's SSH server offers, strongest and fastest first. Named one by one, so that an update of the library
 * adds nothing unseen: no SHA-1, no CBC, no 1024-bit groups, and no compression, whose state costs memory for bytes
 * that never leave the machine. ChaCha20 is left out because Electron's BoringSSL has none, AES-GCM is there everywhere.
 */
export const sshAlgorithms = {
  kex: [
    'curve25519-sha256',
    'curve25519-sha256@libssh.org',
    'ecdh-sha2-nistp256',
    'ecdh-sha2-nistp384',
    'ecdh-sha2-nistp521',
  ],
  serverHostKey: ['ssh-ed25519'],
  cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
  compress: ['none'],
} satisfies Algorithms
