/** How deployments are reached and signed in to, put together. */
import { join } from 'node:path'
import type { SavedCli } from './features/coder-cli/coder-cli-file.ts'
import { createCoderCliHandlers } from './features/coder-cli/coder-cli-handlers.ts'
import { createCoderClis } from './features/coder-cli/coder-clis.ts'
import type { Network } from '#bridge/client/network/network'
import { createChosenFiles } from './features/deployments/chosen-files.ts'
import { createConfirmCommands } from './features/deployments/confirm-commands.ts'
import type { CredentialSource } from './features/deployments/credentials.ts'
import { createDeploymentNetworkHandlers } from './features/deployments/deployment-network-handlers.ts'
import { createDeploymentNetworks } from './features/deployments/deployment-networks.ts'
import {
  networkOf,
  type DeploymentList,
  type SavedDeployment,
} from './features/deployments/deployments-file.ts'
import { createLocalCredentials } from './features/deployments/local-credentials.ts'
import type { Keychain } from './features/keychain/keychain.ts'
import type { LocalServer } from './features/local-server/local-server.ts'
import type { VersionedFile } from './lib/versioned-file.ts'
import type { AppPorts } from './ports/app-ports.ts'
import type { createSessionParts } from './sign-in-parts.ts'

/** Makes the parts around the network of deployments. */
export function createNetworkParts(
  { clock, commandEnvironment, desktop, facts, logger, systemProxy }: AppPorts,
  around: {
    readonly keychain: Keychain
    readonly localServer: LocalServer
    readonly deploymentsFile: VersionedFile<DeploymentList>
    readonly coderCliFile: VersionedFile<readonly SavedCli[]>
    /** The command line of a deployment is another one now. */
    readonly onCliChanged: (deploymentId: string) => void
    readonly remoteSource: ReturnType<typeof createSessionParts>['remoteSource']
  },
) {
  const { keychain, localServer, deploymentsFile, remoteSource } = around
  const chosen = createChosenFiles(desktop)
  const confirm = createConfirmCommands(desktop)
  const hasCertificate = (id: string): boolean =>
    (networkOf(deploymentsFile.value.get(), id)?.certFile ?? '') !== ''
  const networks = createDeploymentNetworks({
    ...{ keychain, systemProxy, chosen, confirm, clock },
    environment: commandEnvironment,
  })
  const openNetwork = async (id: string, url: string): Promise<Network | undefined> => {
    const network = networkOf(deploymentsFile.value.get(), id)
    return network === undefined ? undefined : networks.open(await networks.options(id, network, url), url)
  }
  return {
    coderClis: createCoderClis({
      file: around.coderCliFile,
      folder: join(facts.userDataDir, 'cli'),
      desktop,
      onChanged: around.onCliChanged,
      logger: logger.child({ part: 'coder-cli' }),
    }),
    chosen,
    networks,
    sourceOf: (saved: SavedDeployment): CredentialSource =>
      saved.kind === 'local'
        ? createLocalCredentials({ server: localServer, keychain, logger })
        : remoteSource({
            deploymentId: saved.id,
            url: saved.url,
            isTokenOptional: () => hasCertificate(saved.id),
            openNetwork: () => openNetwork(saved.id, saved.url),
          }),
  }
}

/** What the window asks of them. */
export function createNetworkHandlers({
  coderClis,
  ...parts
}: ReturnType<typeof createNetworkParts> & Parameters<typeof createDeploymentNetworkHandlers>[0]) {
  return {
    coderCli: createCoderCliHandlers(coderClis),
    deploymentNetwork: createDeploymentNetworkHandlers(parts),
  }
}
