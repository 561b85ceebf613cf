import {
  type AgentConnectionInfo,
  agentNetworkRoutes,
  type DERPMap,
  encodeDerpMap,
} from '../../contract/agent-network.ts'
import type { AgentRecords } from '../services/agent-records.ts'
import { sshNaming } from '../services/deployment-config.ts'
import { bound } from './bind-routes.ts'
import { createAgentFinder } from './find-agent.ts'

/** There is no relay: streams reach a workspace through the server itself. */
const noRelays: DERPMap = { Regions: {} }
const connectionInfo: AgentConnectionInfo = {
  derp_map: noRelays,
  derp_force_websockets: false,
  // Nor is there anything that would tell clients and agents of each other.
  disable_direct_connections: true,
  hostname_suffix: sshNaming.suffix,
}

/** How agents are reached over Coder's network: not at all, and clients are told so in its own words. */
export function agentNetworkHandlers({ records }: { readonly records: AgentRecords }) {
  const find = createAgentFinder(records)
  return bound(agentNetworkRoutes, {
    // The map never changes, so one frame is all.
    derpMap: () => (socket) => socket.send(encodeDerpMap(noRelays), { binary: true }),
    connectionInfo: () => connectionInfo,
    agentConnectionInfo({ params, actor }) {
      find(params.workspaceagent, actor)
      return connectionInfo
    },
  })
}
