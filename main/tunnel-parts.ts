/** Tunnels, and what they stand on, given to each other. */
import { hostname } from 'node:os'
import type { BridgeProcess } from './features/bridge/bridge.ts'
import type { Deployments } from './features/deployments/deployments.ts'
import type { Keychain } from './features/keychain/keychain.ts'
import { createLocalAuthority } from './features/tunnels/local-authority.ts'
import { createTunnels } from './features/tunnels/tunnels.ts'
import type { TunnelsFile } from './features/tunnels/tunnels-file.ts'
import { watchAwaitedWorkspaces } from './features/workspaces/awaited-workspaces.ts'
import type { WorkspaceLists } from './features/workspaces/workspace-lists.ts'
import type { VersionedFile } from './lib/versioned-file.ts'
import type { AppPorts } from './ports/app-ports.ts'

/** Makes them; those that were on open at once. */
export function createTunnelParts(
  { clock, logger }: Pick<AppPorts, 'clock' | 'logger'>,
  file: VersionedFile<TunnelsFile>,
  given: {
    readonly bridge: BridgeProcess
    readonly deployments: Deployments
    readonly keychain: Keychain
    readonly lists: WorkspaceLists
  },
) {
  const { bridge, deployments, keychain, lists } = given
  const authority = createLocalAuthority({ file, keychain, hostName: hostname(), clock })
  const tunnels = createTunnels({
    file,
    authority,
    bridge,
    isListed: (deploymentId) => deployments.find(deploymentId) !== undefined,
    keychain,
    logger: logger.child({ part: 'tunnels' }),
  })
  const awaited = watchAwaitedWorkspaces({
    waiting: { places: tunnels.places, retry: ({ id }) => tunnels.retry(id) },
    lists,
    connection: deployments.find,
  })
  const stop = tunnels.views.onChange(() => awaited.look())
  return {
    authority,
    tunnels,
    sessionChanged(deploymentId: string): void {
      tunnels.sessionChanged(deploymentId)
      awaited.look()
    },
    close(): void {
      stop()
      tunnels.close()
      awaited.close()
    },
  }
}
