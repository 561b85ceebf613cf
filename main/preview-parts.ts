/** Apps that are shown inside of the window, and what they stand on. */
import { createAppPreviews, type AppPreviewsFeature } from './features/app-preview/app-previews.ts'
import { createFollowStop } from './features/app-preview/follow-stop.ts'
import type { ExternalLinks } from './features/app/external-links.ts'
import type { Deployments } from './features/deployments/deployments.ts'
import type { WorkspaceApps } from './features/workspaces/open-app.ts'
import type { AppPorts } from './ports/app-ports.ts'
import type { ContractHandlers } from './rpc/procedure-handlers.ts'
import type { Contract } from '#ipc/contract'

/** Makes them. */
export function createPreviewParts(
  { clock, logger, power, previews, windows }: AppPorts,
  given: {
    readonly deployments: Deployments
    readonly apps: WorkspaceApps
    readonly links: ExternalLinks
    readonly watchWorkspace: ContractHandlers<Contract>['workspaces']['watch']
  },
): AppPreviewsFeature {
  const { apps, links, deployments } = given
  return createAppPreviews({
    pages: previews,
    address: (target, signal) => apps.pageAddress(target, signal),
    isPossible: (deploymentId, signal) => apps.hasPageAddresses(deploymentId, signal),
    openLink: (url) => links.open(url, 'page'),
    onStopped: createFollowStop((place, signal) => given.watchWorkspace(place, { signal, windowId: 0 })),
    onLock: (listener) => power.onLock(listener),
    ...{ clock, deployments, windows, logger: logger.child({ part: 'previews' }) },
  })
}
