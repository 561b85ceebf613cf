import { useQueryClient } from '@tanstack/react-query'
import type { ChatUsageLimits } from '#bridge/contract/chats-cost'
import { useChange, useRead } from '../../api/use-call.ts'

/** How much chats may cost, for who may manage it. */
export function useLimits(deploymentId: string) {
  return useRead('chatGovernance.limits', { deploymentId })
}

/** Changes of limits; each brings the shown ones up to date, also when it failed half-way. */
export function useLimitChanges(deploymentId: string) {
  const cache = useQueryClient()
  const options = {
    onSettled: () => cache.invalidateQueries({ queryKey: ['chatGovernance.limits', { deploymentId }] }),
  }
  return {
    setLimits: useChange('chatGovernance.setLimits', options),
    setUserLimit: useChange('chatGovernance.setUserLimit', options),
    /** Shows what the deployment answered without asking it again. */
    show: (limits: ChatUsageLimits) =>
      cache.setQueryData(['chatGovernance.limits', { deploymentId }], limits),
  }
}
