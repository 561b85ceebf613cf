import type { Contract } from '#ipc/contract'
import { streamLatest } from '../../lib/live-value.ts'
import type { FeatureHandlers } from '../../rpc/procedure-handlers.ts'
import type { CoderClis } from './coder-clis.ts'

/** The procedures around the command lines of deployments. */
export function createCoderCliHandlers(clis: CoderClis): FeatureHandlers<Contract['coderCli']> {
  return {
    watch: ({ deploymentId }, { signal }) => streamLatest(clis.of(deploymentId), signal),
    choose: ({ deploymentId }) => clis.choose(deploymentId),
    async forget({ deploymentId }) {
      await clis.forget(deploymentId)
      return null
    },
    setSignature: ({ deploymentId, signature }) => clis.setSignature(deploymentId, signature),
  }
}
