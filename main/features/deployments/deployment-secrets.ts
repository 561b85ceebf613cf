/** Everything of a deployment that lies in the keychain. */
import { SecretsError } from '../../ports/secrets.ts'
import type { Keychain } from '../keychain/keychain.ts'
import type { HeaderVault } from '../mcp-servers/header-vault.ts'
import { proxyAccount } from './deployment-networks.ts'
import type { SessionEntries, StoredSession } from './session-entries.ts'

export interface DeploymentSecretsDeps {
  readonly keychain: Pick<Keychain, 'delete'>
  readonly headerVault: Pick<HeaderVault, 'removeDeployment'>
  readonly entries: Pick<SessionEntries, 'load' | 'remove'>
}

export interface DeploymentSecrets {
  /** What is signed in with; `null` also where there is no keychain, since then nothing was kept. */
  session(deploymentId: string): Promise<StoredSession | null>
  /** What a deployment that could not be added has left. @throws {SecretsError} */
  forget(deploymentId: string): Promise<void>
  /** All of it. @throws {SecretsError} */
  removeAll(deploymentId: string): Promise<void>
}

/** Makes them. */
export function createDeploymentSecrets(deps: DeploymentSecretsDeps): DeploymentSecrets {
  const { keychain, headerVault, entries } = deps
  const forget = async (deploymentId: string): Promise<void> => {
    await entries.remove(deploymentId)
    await keychain.delete(proxyAccount(deploymentId))
  }
  return {
    session: (deploymentId) => unlessAbsent(entries.load(deploymentId)),
    forget,
    async removeAll(deploymentId) {
      await unlessAbsent(headerVault.removeDeployment(deploymentId).then(() => forget(deploymentId)))
    },
  }
}

async function unlessAbsent<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work
  } catch (thrown) {
    if (thrown instanceof SecretsError && thrown.code === 'absent') return null
    throw thrown
  }
}
