import { agentRuntimeRoutes } from '#bridge/contract/agent-runtime'
import { buildInfoRoutes } from '#bridge/contract/build-info'
import { hasFeature } from '#bridge/contract/features'
import type { Contract } from '#ipc/contract'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'

/** The procedures around the shells that run in workspaces. */
export function createTerminalsHandlers(
  connection: (deploymentId: string) => DeploymentConnection,
): FeatureHandlers<Contract['terminals']> {
  return {
    list: ({ deploymentId, agentId }, { signal }) =>
      connection(deploymentId).call(async (client) => {
        const buildInfo = await client.call(buildInfoRoutes.get, {}, { signal })
        if (!hasFeature(buildInfo, 'terminal-sessions')) return { sessions: null }
        const params = { workspaceagent: agentId }
        const { terminals } = await client.call(agentRuntimeRoutes.terminals, { params }, { signal })
        return { sessions: terminals }
      }),
    async end({ deploymentId, agentId, terminalId }) {
      const params = { workspaceagent: agentId, terminal: terminalId }
      await connection(deploymentId).call((client) => client.call(agentRuntimeRoutes.endTerminal, { params }))
      return null
    },
  }
}
