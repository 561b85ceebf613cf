import type { Contract } from '#ipc/contract'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { HeaderChanges } from './header-changes.ts'
import type { McpAddresses } from './mcp-addresses.ts'

export interface McpServersHandlersDeps {
  readonly changes: HeaderChanges
  readonly addresses: McpAddresses
}

/** The procedures around MCP servers and the user's header values. */
export function createMcpServersHandlers({
  changes,
  addresses,
}: McpServersHandlersDeps): FeatureHandlers<Contract['mcpServers']> {
  return {
    list: ({ deploymentId }, { signal }) => changes.list(deploymentId, signal),
    async saveHeaders({ values, ...target }) {
      await changes.save(target, values)
      return null
    },
    async clearHeaders({ names, ...target }) {
      return { undoId: await changes.clear(target, names) }
    },
    async undoClear({ undoId }) {
      await changes.undo(undoId)
      return null
    },
    async pushHeaders({ deploymentId, serverId }) {
      return { pushed: await changes.push(deploymentId, serverId) }
    },
    addresses: ({ deploymentId }) => ({ byServer: { ...addresses.ofDeployment(deploymentId) } }),
    async setAddress({ deploymentId, serverId, address }) {
      await addresses.set(deploymentId, serverId, address)
      return null
    },
    async clearAddress({ deploymentId, serverId }) {
      await addresses.set(deploymentId, serverId, undefined)
      return null
    },
  }
}
