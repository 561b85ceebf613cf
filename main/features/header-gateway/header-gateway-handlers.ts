import type { Contract } from '#ipc/contract'
import { streamLatest } from '../../lib/live-value.ts'
import type { Desktop } from '../../ports/desktop.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import { environmentText, mcpJsonText } from './gateway-config-text.ts'
import type { HeaderGateways } from './header-gateways.ts'

/** The procedures around header gateways. */
export function createHeaderGatewayHandlers({
  gateways,
  desktop,
  onPlacesChanged,
}: {
  readonly gateways: HeaderGateways
  readonly desktop: Pick<Desktop, 'writeClipboard'>
  readonly onPlacesChanged: () => void
}): FeatureHandlers<Contract['headerGateway']> {
  return {
    async *watch({ deploymentId, serverId }, { signal }) {
      // Somebody looks: an administrator may have changed the server meanwhile.
      gateways.targetsChanged(deploymentId, serverId)
      for await (const list of streamLatest(gateways.of(deploymentId, serverId), signal))
        yield { gateways: list }
    },
    async set({ enabled, ...place }) {
      await gateways.set(place, enabled)
      onPlacesChanged()
      return null
    },
    retry(place) {
      gateways.retry(place)
      return null
    },
    async copyConfig({ format, ...place }) {
      const opened = gateways.opened(place)
      await desktop.writeClipboard(format === 'mcp_json' ? mcpJsonText(opened) : environmentText(opened))
      return null
    },
  }
}
