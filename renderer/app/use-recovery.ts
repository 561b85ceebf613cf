import { useEffect, useState } from 'react'
import { useApi } from '../api/api-context.tsx'
import { useDeployments } from '../features/deployments/index.ts'

/** Once a deployment is connected again, what failed meanwhile is asked again, without anyone pressing a button. */
export function useRecovery(): void {
  const { subscriptions, queryClient } = useApi()
  const { deployments } = useDeployments()
  const connected = deployments
    .filter(({ state }) => state.kind === 'connected')
    .map(({ id }) => id)
    .join(' ')
  const [before] = useState(() => new Set<string>())
  useEffect(() => {
    const now = new Set(connected.split(' ').filter(Boolean))
    for (const id of now) {
      if (before.has(id)) continue
      subscriptions.retryDeployment(id)
      void queryClient.invalidateQueries({ predicate: ({ queryKey }) => asksFor(queryKey, id) })
    }
    before.clear()
    for (const id of now) before.add(id)
  }, [connected, before, subscriptions, queryClient])
}

function asksFor(queryKey: readonly unknown[], deploymentId: string): boolean {
  const [, input] = queryKey
  return (
    typeof input === 'object' &&
    input !== null &&
    'deploymentId' in input &&
    input.deploymentId === deploymentId
  )
}
