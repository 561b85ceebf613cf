import type { Keychain } from '../keychain/keychain.ts'
import { SecretsError } from '../../ports/secrets.ts'
import type { CredentialSource } from './credentials.ts'
import { tokenAccount } from './deployments-file.ts'

export interface RemoteCredentialsInput {
  readonly deploymentId: string
  readonly url: string
  readonly keychain: Pick<Keychain, 'get' | 'state'>
  /** A client certificate is set, and may be all the sign-in there is. */
  readonly isTokenOptional: () => boolean
}

/** A saved URL and a token the user pasted, which lies in the keychain. */
export function createRemoteCredentials({
  deploymentId,
  url,
  keychain,
  isTokenOptional,
}: RemoteCredentialsInput): CredentialSource {
  return {
    url: () => url,
    async load() {
      try {
        const token = await keychain.get(tokenAccount(deploymentId))
        if (token !== null) return { kind: 'ready', url, token }
        if (isTokenOptional()) return { kind: 'ready', url, token: '' }
        return signedOut(
          keychain.state.get().kind === 'memory'
            ? 'Tokens are kept in memory in this session. Sign in again to go on.'
            : 'There is no token for this deployment in the keychain. Sign in again.',
        )
      } catch (thrown) {
        if (!(thrown instanceof SecretsError)) throw thrown
        if (thrown.code === 'locked') return { kind: 'unavailable', state: { kind: 'locked' } }
        return signedOut(`The token cannot be read from the keychain. ${thrown.message}`)
      }
    },
    async refused() {
      return false
    },
    onChange(listener) {
      let usable = isUsable(keychain)
      return keychain.state.onChange(() => {
        const before = usable
        usable = isUsable(keychain)
        if (usable && !before) listener()
      })
    },
  }
}

function isUsable(keychain: Pick<Keychain, 'state'>): boolean {
  const { kind } = keychain.state.get()
  return kind === 'works' || kind === 'memory'
}

function signedOut(reason: string): { kind: 'unavailable'; state: { kind: 'signed_out'; reason: string } } {
  return { kind: 'unavailable', state: { kind: 'signed_out', reason } }
}
