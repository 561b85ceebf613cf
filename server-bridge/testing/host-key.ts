import ssh2 from 'ssh2'

let key: string | undefined

/** A host key for SSH servers of tests: one for all, since making one takes a while. */
export function generateHostKey(): string {
  key ??= ssh2.utils.generateKeyPairSync('ed25519').private
  return key
}
