import { chatApprovalsRoutes } from '#bridge/contract/chats-approvals'
import { chatCostRoutes } from '#bridge/contract/chats-cost'
import type { Contract } from '#ipc/contract'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { DeploymentConnection } from '../deployments/connection.ts'
import { refusedAs } from '../deployments/refused-as.ts'

const absent = refusedAs({ 404: 'unsupported' })

/** The procedures around rules for tools, limits and costs of chats. */
export function createChatGovernanceHandlers(
  connection: (deploymentId: string) => DeploymentConnection,
): FeatureHandlers<Contract['chatGovernance']> {
  return {
    toolPolicy: ({ deploymentId, whose }, { signal }) =>
      connection(deploymentId).call(
        (client) =>
          client.call(
            whose === 'own' ? chatApprovalsRoutes.ownPolicy : chatApprovalsRoutes.policy,
            {},
            { signal },
          ),
        absent,
      ),
    async setToolPolicy({ deploymentId, whose, policy }) {
      const route = whose === 'own' ? chatApprovalsRoutes.updateOwnPolicy : chatApprovalsRoutes.updatePolicy
      await connection(deploymentId).call((client) => client.call(route, { body: policy }), absent)
      return null
    },
    limits: ({ deploymentId }, { signal }) =>
      connection(deploymentId).call((client) => client.call(chatCostRoutes.limits, {}, { signal }), absent),
    setLimits: ({ deploymentId, limits }) =>
      connection(deploymentId).call(
        (client) => client.call(chatCostRoutes.updateLimits, { body: limits }),
        absent,
      ),
    async setUserLimit({ deploymentId, userId, spendLimitMicros }) {
      const params = { user: userId }
      await connection(deploymentId).call(async (client) => {
        if (spendLimitMicros === null) await client.call(chatCostRoutes.deleteOverride, { params })
        else
          await client.call(chatCostRoutes.setOverride, {
            params,
            body: { spend_limit_micros: spendLimitMicros },
          })
      }, absent)
      return null
    },
    ownCost: ({ deploymentId, startDate, endDate }, { signal }) =>
      connection(deploymentId).call(
        (client) =>
          client.call(
            chatCostRoutes.summary,
            { params: { user: 'me' }, query: { start_date: startDate, end_date: endDate } },
            { signal },
          ),
        absent,
      ),
    usersCost: ({ deploymentId, startDate, endDate, username, limit, offset }, { signal }) =>
      connection(deploymentId).call(
        (client) =>
          client.call(
            chatCostRoutes.users,
            {
              query: {
                start_date: startDate,
                end_date: endDate,
                limit,
                offset,
                ...(username === '' ? {} : { username }),
              },
            },
            { signal },
          ),
        absent,
      ),
  }
}
