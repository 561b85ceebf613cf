import { connectionText } from '../contract/connection-events.ts'
import type { WorkspaceLink } from '../contract/workspace-probe.ts'
import type { NetworkInfo } from '../transport/coder-cli/network-info.ts'
import type { WorkspaceTransport } from '../transport/workspace-transport.ts'

/** What is told of a way into a workspace. */
export type ReportedLink = Omit<WorkspaceLink, 'type' | 'deploymentId'>

/** The same transport; every connection it opens tells which way it takes and how its network is. */
export function reportLinks(
  transport: Pick<WorkspaceTransport, 'open'>,
  onLink: (link: ReportedLink) => void,
): Pick<WorkspaceTransport, 'open'> {
  return {
    async open(target, signal, listener) {
      const { workspaceId } = target
      let kind: WorkspaceTransport['kind'] = 'websocket'
      const stream = await transport.open(target, signal, {
        onTransport(chosen) {
          kind = chosen
          listener?.onTransport?.(chosen)
        },
        onNetworkInfo(info) {
          onLink({ workspaceId, transport: kind, network: networkOf(info) })
          listener?.onNetworkInfo?.(info)
        },
      })
      onLink({ workspaceId, transport: kind, network: null })
      return stream
    },
  }
}

function networkOf(info: NetworkInfo): ReportedLink['network'] {
  return {
    isDirect: info.p2p,
    latencyMs: info.latency,
    relay: connectionText(info.preferred_derp),
    isCoderConnect: info.using_coder_connect,
  }
}
