import type { CoderClient } from '#bridge/client/coder-client'
import type { CoderApiError } from '#bridge/client/errors'
import { probeMcpCapability } from '#bridge/client/mcp-capability'
import { buildInfoRoutes } from '#bridge/contract/build-info'
import { hasFeature } from '#bridge/contract/features'
import { mcpServersRoutes } from '#bridge/contract/mcp-servers'
import type { Contract } from '#ipc/contract'
import { ProcedureError } from '../../lib/procedure-error.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import { mayConfigure } from '../deployments/may-configure.ts'

/** The procedures by which an administrator manages MCP servers. */
export function createMcpServerAdminHandlers(
  connection: (deploymentId: string) => DeploymentConnection,
): FeatureHandlers<Contract['mcpServerAdmin']> {
  return {
    access: ({ deploymentId }, { signal }) =>
      connection(deploymentId).call(async (client) => {
        const capability = await probeMcpCapability(client, { signal })
        const hasUserKeys = capability === 'user_headers'
        if (!hasUserKeys && capability !== 'no_user_headers') return { mayManage: false, hasUserKeys }
        return { mayManage: await mayConfigure(client, signal), hasUserKeys }
      }),
    get: ({ deploymentId, serverId }, { signal }) =>
      connection(deploymentId).call(async (client) => ({
        config: await client.call(mcpServersRoutes.get, { params: { mcpserver: serverId } }, { signal }),
        userCount: await countUsers(client, serverId, signal),
      })),
    create: ({ deploymentId, server }) =>
      connection(deploymentId).call(
        (client) => client.call(mcpServersRoutes.create, { body: server }),
        refineRefusal,
      ),
    update: ({ deploymentId, serverId, expectedUpdatedAt, changes }) =>
      connection(deploymentId).call(async (client) => {
        const params = { mcpserver: serverId }
        // Coder's API knows no precondition for a write, so the look comes right before it.
        const { updated_at: updatedAt } = await client.call(mcpServersRoutes.get, { params })
        if (updatedAt !== expectedUpdatedAt)
          throw new ProcedureError('changed_meanwhile', 'Somebody else has changed this server meanwhile.')
        return client.call(mcpServersRoutes.update, { params, body: changes })
      }, refineRefusal),
    delete: async ({ deploymentId, serverId }) => {
      await connection(deploymentId).call((client) =>
        client.call(mcpServersRoutes.delete, { params: { mcpserver: serverId } }),
      )
      return null
    },
  }
}

async function countUsers(
  client: CoderClient,
  serverId: string,
  signal: AbortSignal,
): Promise<number | null> {
  const buildInfo = await client.call(buildInfoRoutes.get, {}, { signal })
  if (!hasFeature(buildInfo, 'mcp-user-header-use')) return null
  const params = { mcpserver: serverId }
  return (await client.call(mcpServersRoutes.userHeaderUse, { params }, { signal })).user_count
}

function refineRefusal(error: CoderApiError): ProcedureError | undefined {
  if (error.status !== 409) return undefined
  return new ProcedureError('slug_taken', error.message, { cause: error })
}
