import type { Contract } from '#ipc/contract'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { ChosenFiles } from './chosen-files.ts'
import type { Deployments } from './deployments.ts'
import type { DeploymentNetworks } from './deployment-networks.ts'
import { saved } from './saved.ts'

/** The procedures around how a deployment is reached. */
export function createDeploymentNetworkHandlers({
  deployments,
  networks,
  chosen,
}: {
  readonly deployments: Pick<Deployments, 'network' | 'setNetwork'>
  readonly networks: Pick<DeploymentNetworks, 'view' | 'accept'>
  readonly chosen: ChosenFiles
}): FeatureHandlers<Contract['deploymentNetwork']> {
  return {
    async read({ deploymentId }) {
      const { network, url } = deployments.network(deploymentId)
      return await saved(() => networks.view(deploymentId, network, url))
    },
    choose: ({ purpose }) => chosen.choose(purpose),
    async set({ deploymentId, network: input }) {
      const { network, url } = deployments.network(deploymentId)
      const wanted = await saved(() => networks.accept(input, url, { deploymentId, network }))
      await saved(() => deployments.setNetwork(deploymentId, wanted))
      return null
    },
  }
}
