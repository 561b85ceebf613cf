import type { Deployment } from '#ipc/deployments'
import { useSubscription } from '../../api/use-subscription.ts'

const everything = {}

export interface DeploymentsView {
  readonly deployments: readonly Deployment[]
  /** Which one the pages show; undefined only until main has answered. */
  readonly active: Deployment | undefined
}

/** All deployments with live state. */
export function useDeployments(): DeploymentsView {
  const { data } = useSubscription('deployments.watch', everything)
  const deployments = data?.deployments ?? []
  return { deployments, active: deployments.find((deployment) => deployment.id === data?.activeId) }
}

/** One deployment by its id. */
export function useDeployment(deploymentId: string): Deployment | undefined {
  return useDeployments().deployments.find((deployment) => deployment.id === deploymentId)
}
