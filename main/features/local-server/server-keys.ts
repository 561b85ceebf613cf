import { randomBytes } from 'node:crypto'
import type { Logger } from '#bridge/lib/logger'
import type { Keychain } from '../keychain/keychain.ts'
import { SecretsError } from '../../ports/secrets.ts'

/** The keychain account of the keys. */
export const serverKeysAccount = 'local-deployment-secret-keys'
const KEY_BYTES = 32

export interface ServerKeysDeps {
  readonly keychain: Pick<Keychain, 'get' | 'set' | 'state' | 'refresh'>
  readonly logger: Logger
}

/**
 * The keys of the local server's stored secrets, in base64, oldest first. The keychain has them, one a line; the first
 * is made here. None where the keychain cannot be used, or where it is memory that ends with the app: a key that is gone
 * tomorrow would take the secrets along, so the server then keeps a key file in its data folder.
 */
export function createServerKeys({ keychain, logger }: ServerKeysDeps): () => Promise<readonly string[]> {
  const withoutKeychain = (why: string): readonly string[] => {
    logger.info('The local server keeps the key of its secrets in a file of its data folder', { why })
    return []
  }
  return async () => {
    if (keychain.state.get().kind === 'checking') await keychain.refresh()
    const { kind } = keychain.state.get()
    if (kind !== 'works') return withoutKeychain(kind)
    try {
      const stored = await keychain.get(serverKeysAccount)
      if (stored !== null) return stored.split('\n').filter(Boolean)
      const key = randomBytes(KEY_BYTES).toString('base64')
      await keychain.set(serverKeysAccount, key)
      return [key]
    } catch (thrown) {
      if (!(thrown instanceof SecretsError)) throw thrown
      return withoutKeychain(thrown.code)
    }
  }
}
