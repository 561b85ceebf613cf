import type { Workspace } from '#bridge/contract/workspaces'
import { useSubscription } from '../api/use-subscription.ts'
import { useDeployments } from '../features/deployments/index.ts'
import { defaultAgent, isUsable } from '../features/workspaces/index.ts'

/** The workspaces of the shown deployment on which a terminal can open now. */
export function useRunningWorkspaces(): readonly {
  readonly deploymentId: string
  readonly workspace: Workspace
}[] {
  const { active } = useDeployments()
  const { data } = useSubscription(
    'workspaces.watchList',
    active ? { deploymentId: active.id, q: '' } : undefined,
  )
  if (!active || !data) return []
  return data.workspaces
    .filter((workspace) => {
      const agent = defaultAgent(workspace)
      return agent !== undefined && isUsable(agent)
    })
    .map((workspace) => ({ deploymentId: active.id, workspace }))
}
