import type { McpTestResult } from '#bridge/contract/mcp-test'
import type { Clock } from '#bridge/lib/clock'
import type { Contract } from '#ipc/contract'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { HeaderChanges } from './header-changes.ts'
import type { McpAddresses } from './mcp-addresses.ts'
import type { McpSignIn } from './mcp-sign-in.ts'
import type { McpTarget, McpTargets } from './mcp-target.ts'
import { shownAddress } from './told-address.ts'

export interface McpServersHandlersDeps {
  readonly changes: HeaderChanges
  readonly addresses: McpAddresses
  readonly targets: McpTargets
  readonly signIn: McpSignIn
  /** Carries out a test, in the bridge. */
  readonly test: (target: McpTarget, signal: AbortSignal) => Promise<McpTestResult>
  readonly clock: Pick<Clock, 'now'>
}

/** The procedures around MCP servers and the user's header values. */
export function createMcpServersHandlers({
  changes,
  addresses,
  targets,
  signIn,
  test,
  clock,
}: McpServersHandlersDeps): FeatureHandlers<Contract['mcpServers']> {
  return {
    list: ({ deploymentId }, { signal }) => changes.list(deploymentId, signal),
    async saveHeaders({ values, ...target }) {
      await changes.save(target, values)
      return null
    },
    async headersSeen({ names, ...target }) {
      await changes.see(target, names)
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
    async confirmAddress({ deploymentId, serverId, address }) {
      await targets.confirmAddress(deploymentId, serverId, address)
      return null
    },
    async testConnection({ deploymentId, serverId }, { signal }) {
      const target = await targets.resolve(deploymentId, serverId, signal)
      const result = await test(target, signal)
      return { testedAt: clock.now(), address: shownAddress(target.url), result }
    },
    async signIn(target, { signal }) {
      await signIn.signIn(target, signal)
      return null
    },
    async signOut(target) {
      await signIn.signOut(target)
      return null
    },
    async clearAddress({ deploymentId, serverId }) {
      await addresses.set(deploymentId, serverId, undefined)
      return null
    },
  }
}
