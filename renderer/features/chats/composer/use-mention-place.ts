import { useSubscription } from '../../../api/use-subscription.ts'
import { defaultAgent, isUsable } from '../../workspaces/index.ts'
import type { MentionPlace } from './use-suggestions.ts'

/** Where the files of a workspace are looked for; undefined while nothing there can be reached. */
export function useMentionPlace(
  deploymentId: string,
  workspaceId: string | undefined,
): MentionPlace | undefined {
  const { data } = useSubscription(
    'workspaces.watch',
    workspaceId === undefined ? undefined : { deploymentId, workspaceId },
  )
  const agent = data ? defaultAgent(data) : undefined
  const folder = agent?.expanded_directory
  if (workspaceId === undefined || agent === undefined || !isUsable(agent) || !folder) return undefined
  return { place: { deploymentId, workspaceId, agentName: agent.name }, folder }
}
