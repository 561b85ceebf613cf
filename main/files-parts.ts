/** What main does for remote files, put together. */
import type { KeptTransfer } from '#bridge/contract/file-transfers'
import { toError } from '#bridge/lib/to-error'
import type { Contract } from '#ipc/contract'
import type { ExternalLinks } from './features/app/external-links.ts'
import type { BridgeProcess } from './features/bridge/bridge.ts'
import type { Deployments } from './features/deployments/deployments.ts'
import { createDroppedFiles } from './features/files/dropped-files.ts'
import { createFilesHandlers, emptyDragFolder } from './features/files/files-handlers.ts'
import { createRecoveries } from './features/files/recoveries.ts'
import { keptTransfers } from './features/files/transfers-file.ts'
import type { VersionedFile } from './lib/versioned-file.ts'
import type { AppPorts } from './ports/app-ports.ts'
import type { FeatureHandlers } from './rpc/procedure-handlers.ts'

export function createFilesParts(
  { clock, desktop, facts, logger, windows }: AppPorts,
  { transfersFile }: { readonly transfersFile: VersionedFile<readonly KeptTransfer[]> },
) {
  const { userDataDir } = facts
  const dropped = createDroppedFiles(clock)
  return {
    /** For the bridge. */
    transfers: keptTransfers(transfersFile, logger),
    /** Begins to take what is dropped into windows; the answer ends that. */
    start(): () => void {
      emptyDragFolder(userDataDir).catch((error: unknown) => {
        logger.warn('What was dragged out could not be removed', { err: toError(error) })
      })
      return windows.onFilesDropped(dropped.add)
    },
    handlers: (given: {
      readonly bridge: BridgeProcess
      readonly deployments: Deployments
      readonly links: ExternalLinks
    }): FeatureHandlers<Contract['files']> =>
      createFilesHandlers({
        desktop,
        windows,
        giveLocal: (message) => given.bridge.giveLocal(message),
        dropped,
        transfers: transfersFile,
        recoveries: createRecoveries({ userDataDir, clock, logger }),
        userDataDir,
        deploymentUrl: (deploymentId) => given.deployments.connection(deploymentId).view.get().url,
        // A workspace's names are in it, so it is shown and asked about.
        openLink: (url) => given.links.open(url, 'content'),
      }),
  }
}
