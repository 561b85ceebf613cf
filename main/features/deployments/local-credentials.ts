import type { Logger } from '#bridge/lib/logger'
import type { Keychain } from '../keychain/keychain.ts'
import type { LocalServer, LocalServerStatus } from '../local-server/local-server.ts'
import { SecretsError } from '../../ports/secrets.ts'
import type { Credentials, CredentialSource } from './credentials.ts'
import { localDeploymentId, tokenAccount } from './deployments-file.ts'

export interface LocalCredentialsInput {
  readonly server: LocalServer
  readonly keychain: Pick<Keychain, 'get' | 'set' | 'state'>
  readonly logger: Logger
}

/**
 * The local server's address and its owner's session. The token lies in the keychain between starts; where that cannot
 * be used, a new one is made for this run, which loses nothing: nobody ever typed it.
 */
export function createLocalCredentials({
  server,
  keychain,
  logger,
}: LocalCredentialsInput): CredentialSource {
  const account = tokenAccount(localDeploymentId)
  let held: string | undefined
  let mustMint = false

  const stored = async (): Promise<string | null> => {
    try {
      return await keychain.get(account)
    } catch (thrown) {
      if (!(thrown instanceof SecretsError)) throw thrown
      return null
    }
  }
  const keep = async (token: string): Promise<void> => {
    try {
      await keychain.set(account, token)
    } catch (thrown) {
      if (!(thrown instanceof SecretsError)) throw thrown
      logger.warn('The local session is kept in memory: the keychain cannot be used', { code: thrown.code })
    }
  }
  const token = async (): Promise<string> => {
    if (held !== undefined) return held
    const kept = mustMint ? null : await stored()
    held = kept ?? (await server.mintOwnerSession())
    mustMint = false
    if (kept === null) await keep(held)
    return held
  }

  return {
    url() {
      const status = server.status.get()
      return status.kind === 'ready' ? status.url : ''
    },
    async load(): Promise<Credentials> {
      const status = server.status.get()
      if (status.kind !== 'ready') return { kind: 'unavailable', state: stateOf(status) }
      return { kind: 'ready', url: status.url, token: await token() }
    },
    async refused() {
      held = undefined
      mustMint = true
      return true
    },
    onChange: (listener) => server.status.onChange(listener),
  }
}

function stateOf(status: Exclude<LocalServerStatus, { kind: 'ready' }>) {
  switch (status.kind) {
    case 'starting':
      return { kind: 'connecting' } as const
    case 'restarting':
      return {
        kind: 'unreachable',
        reason: 'The local server stopped unexpectedly. Outpost is starting it again.',
        retryAt: status.retryAt,
      } as const
    case 'failed':
      return { kind: 'failed', reason: status.reason, detail: status.detail } as const
    case 'stopped':
      return { kind: 'failed', reason: 'The local server is not running.', detail: '' } as const
  }
}
